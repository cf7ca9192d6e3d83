import { isIPv6, type Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import type { PolicySource, TlsSettings } from '../access/policy.ts';
import { HANDSHAKE_TIMEOUT } from '../limits.ts';

/**
 * Takes over connections just accepted, makes the handshake by the newest settings, and hands on
 * those whose client may come in.
 */
export class TlsTerminator {
  readonly #policy: PolicySource;
  readonly #onSecure: (socket: TLSSocket) => void;
  #settings: TlsSettings | undefined;
  #server: Server | undefined;

  constructor(policy: PolicySource, onSecure: (socket: TLSSocket) => void) {
    this.#policy = policy;
    this.#onSecure = onSecure;
  }

  async take(socket: Socket): Promise<void> {
    // Nothing else listens to it yet, and without a listener a reset would end the process.
    socket.on('error', () => {});
    // The end of what the client sends would be lost on the TLS when it comes before it.
    socket.once('end', () => socket.destroy());
    await this.#policy.refresh();
    if (socket.destroyed) return;
    this.#newest()?.emit('connection', socket);
  }

  /** It never listens: connections are injected. With a new one go the old one's session tickets. */
  #newest(): Server | undefined {
    const settings = this.#policy.current.tls;
    if (settings === this.#settings || !settings) return this.#server;
    const server = createServer(tlsOptions(settings), (socket) => {
      if (isAdmitted(socket, settings)) this.#onSecure(socket);
      else socket.destroy();
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#settings = settings;
    this.#server = server;
    return server;
  }
}

function tlsOptions({ context, clientAuth }: TlsSettings): TlsOptions {
  return {
    ...context,
    requestCert: clientAuth !== 'NoClientCert',
    // The others are looked at after the handshake.
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  };
}

/** Whether a client may come in by its certificate, which it may have or not. */
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
 * The alternative names of a certificate, from the list that Node.js makes of them, such as
 * `DNS:a.b, IP Address:10.0.0.1, URI:"spiffe://x/y\u002cz"`: what holds a comma is quoted, and the
 * comma escaped.
 */
function namesIn(list: string): readonly string[] {
  return list.split(', ').flatMap((entry) => {
    const value = NAME.exec(entry)?.[1];
    if (value === undefined) return [];
    return value.startsWith('"') ? [String(JSON.parse(value))] : [value];
  });
}

/** An IPv6 address in the one form in which URLs have it; anything else as it is. */
function canonical(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname : name;
}
