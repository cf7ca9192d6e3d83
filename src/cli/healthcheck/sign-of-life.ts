import http from 'node:http';
import https from 'node:https';
import { codeOf } from '../../system-error.ts';

/** Where to connect to. `path` is that of a Unix socket. */
export type ServerAddress =
  | { readonly host: string; readonly port: number }
  | { readonly path: string };

/**
 * Checks that a server works. The server may speak HTTP or HTTPS, and may require a password or a client
 * certificate. So an answer of any status is a sign of life, and so is a message of the server in a TLS
 * handshake: both come from the event loop that also serves metrics.
 *
 * @returns the sign, such as `answers HTTP 200`
 * @throws Error without such a sign
 */
export async function signOfLife(server: ServerAddress, signal: AbortSignal): Promise<string> {
  try {
    return `answers HTTP ${await statusOf(server, signal)}`;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Refused or timed out: TLS would fail too.
    if (!isAboutProtocol(error)) throw error;
  }
  return signOverTls(server, signal);
}

const PATH = '/-/healthy';

/** The options of a request that say where to connect to. */
function connection(server: ServerAddress): http.RequestOptions {
  // Linux names an abstract socket by a zero byte at the start of its path, which /proc shows as `@`.
  return 'port' in server ? server : { socketPath: server.path.replace(/^@/, '\0') };
}

function statusOf(server: ServerAddress, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { ...connection(server), path: PATH, agent: false, signal },
      (response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      },
    );
    request.once('error', reject);
  });
}

/** Does not verify the certificate: the connection stays on this machine. */
function signOverTls(server: ServerAddress, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let shookHands = false;
    const request = https.get(
      { ...connection(server), path: PATH, agent: false, signal, rejectUnauthorized: false },
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
      // A server that requires a client certificate refuses during the handshake up to TLS 1.2, and after
      // the handshake since TLS 1.3.
      else if (shookHands || isAlert(error)) resolve('asks for a client certificate');
      else reject(error);
    });
  });
}

/** Whether the server closed the connection or sent something other than HTTP. */
function isAboutProtocol(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_');
}

/** Whether the server answered with a TLS alert. Only the text of OpenSSL's error tells that. */
const isAlert = (error: Error): boolean =>
  codeOf(error) === 'EPROTO' && /alert/.test(error.message);
