import http from 'node:http';
import https from 'node:https';
import { codeOf } from '../../system-error.ts';

/** A server to be asked. */
export interface Asked {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a server that may speak HTTP or HTTPS, and ask for a password or a client's certificate, for any
 * sign that it works: an answer of whatever status, or its part of a handshake of TLS. Both come from
 * the event loop that also serves metrics.
 *
 * @returns what it did, such as `answers HTTP 200`
 * @throws Error when it does nothing of the kind
 */
export async function signOfLife(asked: Asked, signal: AbortSignal): Promise<string> {
  try {
    return `answers HTTP ${await statusOf(asked, signal)}`;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Refused or timed out: TLS would fail too.
    if (!isAboutProtocol(error)) throw error;
  }
  return signOverTls(asked, signal);
}

/** Where it is checked, and for what. */
const PATH = '/-/healthy';

function statusOf({ host, port }: Asked, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host, port, path: PATH, agent: false, signal }, (response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.once('error', reject);
  });
}

/** Its certificate is no matter here: the way is that to this very machine. */
function signOverTls({ host, port }: Asked, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let shookHands = false;
    const request = https.get(
      { host, port, path: PATH, agent: false, signal, rejectUnauthorized: false },
      (response) => {
        resolve(`answers HTTPS ${response.statusCode ?? 0}`);
        request.destroy();
      },
    );
    request.once('socket', (socket) =>
      socket.once('secureConnect', () => {
        shookHands = true;
      }),
    );
    request.once('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      // Up to TLS 1.2 it refuses in the handshake, since then after it.
      else if (shookHands || isAlert(error)) resolve('asks for a certificate of TLS');
      else reject(error);
    });
  });
}

/** Cut off, or answered in what is not HTTP. */
function isAboutProtocol(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_');
}

/** Whether the other side has told why there is no connection: OpenSSL's text says so. */
const isAlert = (error: Error): boolean =>
  codeOf(error) === 'EPROTO' && /alert/.test(error.message);
