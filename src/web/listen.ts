import http from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';

/** Where to listen. */
export interface ListenAddress {
  /** Absent: every interface. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** A server that listens. */
export interface Listener {
  /** `host:port` as bound, an IPv6 host in brackets. */
  readonly address: string;
  readonly port: number;
  /** Takes no new requests and resolves when those in hand are answered. */
  stop(): Promise<void>;
}

/** A listen address that cannot be read. */
export class ListenAddressError extends Error {
  override readonly name = 'ListenAddressError';
}

const ADDRESS = /^(?:\[(?<ipv6>[^\]]*)\]|(?<host>[^:\s]*)):(?<port>\d{1,5})$/;
const HIGHEST_PORT = 65_535;

/**
 * Reads `HOST:PORT`, `:PORT` or `[IPV6]:PORT`.
 *
 * @throws ListenAddressError
 */
export function parseListenAddress(text: string): ListenAddress {
  const groups = ADDRESS.exec(text)?.groups;
  const port = Number(groups?.['port']);
  const ipv6 = groups?.['ipv6'];
  if (!groups || port > HIGHEST_PORT || (ipv6 !== undefined && !isIPv6(ipv6))) {
    throw new ListenAddressError(
      `expected a listen address such as :10313, 127.0.0.1:10313 or [::1]:10313; got "${text}"`,
    );
  }
  const host = ipv6 ?? groups['host'];
  return { port, ...(host && { host }) };
}

/**
 * Serves the app.
 *
 * @throws Error when the address cannot be bound; its message says what to do
 */
export async function listen(
  app: http.RequestListener,
  { host, port }: ListenAddress,
): Promise<Listener> {
  const server = http.createServer(app);
  const connections = new Connections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(cannotListen(error, host, port))));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    address: joined(bound.address, bound.port),
    port: bound.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.close();
      }),
  };
}

/**
 * The connections of a server. Node itself, once closed, still waits for those that were opened and
 * said nothing, and keeps one alive for seconds after the response in hand.
 */
class Connections {
  /** Responses in hand on each. */
  readonly #inHand = new Map<Socket, number>();
  #closing = false;

  constructor(server: http.Server) {
    server.on('connection', (socket) => {
      this.#inHand.set(socket, 0);
      socket.once('close', () => this.#inHand.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Ends each as soon as no response is in hand on it. */
  close(): void {
    this.#closing = true;
    for (const socket of [...this.#inHand.keys()]) this.#count(socket, 0);
  }

  #count(socket: Socket, change: number): void {
    const inHand = this.#inHand.get(socket);
    if (inHand === undefined) return;
    this.#inHand.set(socket, inHand + change);
    if (this.#closing && inHand + change === 0) socket.end(() => socket.destroy());
  }
}

function joined(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function cannotListen(error: Error, host: string | undefined, port: number): string {
  const where = joined(host ?? '', port);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `cannot listen on ${where}: another process does; stop it or choose another --web.listen-address`;
  }
  if (code === 'EACCES')
    return `cannot listen on ${where}: not permitted (ports below 1024 need a privilege)`;
  return `cannot listen on ${where}: ${String(code ?? error.message)}`;
}
