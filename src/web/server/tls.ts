import { isIPv6, type Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import type { PolicySource, TlsSettings } from '../access/policy.ts';
import { HANDSHAKE_TIMEOUT } from '../limits.ts';
import { isUnix } from './connections.ts';

/**
 * Called with a connection whose handshake is done.
 *
 * @param accepted the Unix connection below; absent for TCP, where the addresses tell which connection it is
 */
type OnSecure = (secure: TLSSocket, accepted?: Socket) => void;

/**
 * Makes the TLS handshake on accepted connections, with the newest settings. Passes on the connections whose
 * client is admitted, and closes the others.
 */
export class TlsTerminator {
  readonly #policy: PolicySource;
  readonly #onSecure: OnSecure;
  #settings: TlsSettings | undefined;
  #server: Server | undefined;

  constructor(policy: PolicySource, onSecure: OnSecure) {
    this.#policy = policy;
    this.#onSecure = onSecure;
  }

  async take(socket: Socket): Promise<void> {
    // Without a listener for errors, a connection that the client resets would end the process.
    socket.on('error', () => {});
    // If the client ends the connection before the TLS server takes over, the TLS server never notices that.
    socket.once('end', () => socket.destroy());
    await this.#policy.refresh();
    if (socket.destroyed) return;
    this.#serverFor(socket)?.emit('connection', socket);
  }

  /**
   * The server that makes the handshake on a connection. It does not listen; `take` hands it each connection. New
   * settings need a new server, so session tickets of the old settings become invalid.
   */
  #serverFor(accepted: Socket): Server | undefined {
    const settings = this.#policy.current.tls ?? this.#settings;
    if (!settings) return undefined;
    if (settings !== this.#settings) this.#server = undefined;
    this.#settings = settings;
    // TCP connections share a server, because a server reads the certificate. Unix connections have one each,
    // so that the end of the handshake tells which of them it was.
    if (isUnix(accepted)) return this.#serverOf(settings, accepted);
    this.#server ??= this.#serverOf(settings);
    return this.#server;
  }

  /** @param accepted the connection for which the server is made, if it is for only one */
  #serverOf(settings: TlsSettings, accepted?: Socket): Server {
    const server = createServer(tlsOptions(settings), (secure) => {
      if (isAdmitted(secure, settings)) this.#onSecure(secure, accepted);
      else secure.destroy();
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}

function tlsOptions({ context, clientAuth }: TlsSettings): TlsOptions {
  return {
    ...context,
    requestCert: clientAuth !== 'NoClientCert',
    // isAdmitted checks the other kinds of `clientAuth` after the handshake.
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  };
}

/** Whether the settings admit a client with this certificate, or without one. */
function isAdmitted(socket: TLSSocket, { clientAuth, clientAllowedSans }: TlsSettings): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (clientAuth === 'RequireAnyClientCert' && !certificate) return false;
  if (clientAuth === 'VerifyClientCertIfGiven' && certificate && !socket.authorized) return false;
  if (!clientAllowedSans) return true;
  const names = new Set(namesIn(certificate?.subjectAltName ?? '').map(canonical));
  return clientAllowedSans.some((name) => names.has(canonical(name)));
}

const NAME = /^(?:DNS|IP Address|email|URI):(.*)$/s;

/**
 * Parses the subject alternative names as Node.js lists them, such as `DNS:a.b, IP Address:10.0.0.1,
 * URI:"spiffe://x/y\u002cz"`. Node.js quotes a name with a comma like a JSON string and escapes the comma.
 */
function namesIn(list: string): readonly string[] {
  return list.split(', ').flatMap((entry) => {
    const value = NAME.exec(entry)?.[1];
    if (value === undefined) return [];
    return value.startsWith('"') ? [String(JSON.parse(value))] : [value];
  });
}

/** Converts an IPv6 address to the canonical form of URLs; returns any other name unchanged. */
function canonical(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname : name;
}
