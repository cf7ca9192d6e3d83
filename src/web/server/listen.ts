import { lookup } from 'node:dns/promises';
import http from 'node:http';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../clock.ts';
import { codeOf } from '../../system-error.ts';
import { type GateOptions, guarded } from '../access/gate.ts';
import { HTTP_LIMITS, MOST_HEADERS, STALLED } from '../limits.ts';
import { type ConnectionCounts, Connections } from './connections.ts';
import { inTurn } from './in-turn.ts';
import { type InheritedSocket, listenOnInherited } from './inherited-socket.ts';
import { joined, type ListenAddress } from './listen-address.ts';
import { TlsTerminator } from './tls.ts';

export interface Listener {
  /**
   * At least one address. Each is `host:port` as bound, with an IPv6 host in brackets, or `unix:` and the path
   * of a Unix socket.
   */
  readonly addresses: readonly string[];
  /** The first address. */
  readonly address: string;
  /** The port of the first address; 0 for a Unix socket. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
  connections(): ConnectionCounts;
  /** Accepts no new requests. Resolves when all requests in hand are answered. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  /** Checks requests before the app receives them. When absent, the server is plain HTTP without checks. */
  readonly gate?: GateOptions | undefined;
  /** @default systemClock */
  readonly clock?: Clock;
}

/**
 * Serves the app on all of the addresses and sockets. A host name stands for every address that it resolves
 * to.
 *
 * @throws Error when an address cannot be bound, or a socket accepts no connections; its message says what to do
 */
export async function listen(
  app: http.RequestListener,
  where: ListenAddress | readonly (ListenAddress | InheritedSocket)[],
  { gate, clock = systemClock }: ListenOptions = {},
): Promise<Listener> {
  const connections = new Connections(clock);
  const scheme = gate?.policy.current.tls ? 'https' : 'http';
  const listener = connections.counting(inTurn(gate ? guarded(app, gate) : app, clock));
  const newServer = (): http.Server => {
    const server = http.createServer(HTTP_LIMITS, listener);
    server.maxHeadersCount = MOST_HEADERS;
    server.timeout = STALLED;
    if (gate && scheme === 'https') terminateTls(server, gate, connections);
    else server.on('connection', (socket: Socket) => connections.add(socket, 'idle'));
    return server;
  };
  const bound: Bound[] = [];
  const stop = async (): Promise<void> => {
    const closed = bound.map(
      ({ server }) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    connections.close();
    await Promise.all(closed);
  };
  try {
    for (const each of [where].flat()) {
      if ('fd' in each) bound.push(await bindInherited(each, newServer()));
      else bound.push(...(await bindAll(each, newServer)).map(boundToPort));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const [first] = bound;
  if (!first) throw new Error('no address to listen on');
  return {
    addresses: bound.map(({ address }) => address),
    address: first.address,
    port: first.port,
    scheme,
    connections: () => connections.counts,
    stop,
  };
}

/** A server that accepts connections. */
interface Bound {
  readonly server: http.Server;
  readonly address: string;
  readonly port: number;
}

function boundToPort(server: http.Server): Bound {
  const { address, port } = server.address() as AddressInfo;
  return { server, address: joined(address, port), port };
}

async function bindInherited(socket: InheritedSocket, server: http.Server): Promise<Bound> {
  const address = await listenOnInherited(server, socket);
  // Node.js tells no address of a Unix socket that it has not bound itself.
  return server.address() === null ? { server, address, port: 0 } : boundToPort(server);
}

/** Error codes of an address that this machine does not have, such as ::1 where IPv6 is off. */
const FOREIGN_ADDRESS_CODES = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/**
 * Binds every address of a host name, all with the same port. Addresses that this machine does not have are
 * skipped.
 */
async function bindAll(
  { host, port }: ListenAddress,
  newServer: () => http.Server,
): Promise<readonly http.Server[]> {
  const hosts = await addressesOf(host, port);
  const servers: http.Server[] = [];
  let skipped: unknown;
  try {
    for (const each of hosts) {
      const [first] = servers;
      const samePort = first ? (first.address() as AddressInfo).port : port;
      try {
        servers.push(await bind(newServer(), each, samePort));
      } catch (error) {
        if (!FOREIGN_ADDRESS_CODES.includes(codeOf(error))) throw error;
        skipped = error;
      }
    }
    if (servers.length === 0) throw skipped;
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw new Error(cannotListen(error, host, port));
  }
}

/** Resolves a host name. An undefined address means all interfaces. */
async function addressesOf(
  host: string | undefined,
  port: number,
): Promise<readonly (string | undefined)[]> {
  if (host === undefined || isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    throw new Error(cannotListen(error, host, port));
  }
}

function bind(server: http.Server, host: string | undefined, port: number): Promise<http.Server> {
  return new Promise((resolve, reject) => {
    // The listener is not removed, because a later failure to accept a connection must not end the process.
    server.on('error', reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => resolve(server));
  });
}

/** Hands connections over to the HTTP server only when their TLS handshake is done. */
function terminateTls(
  server: http.Server,
  { policy }: GateOptions,
  connections: Connections,
): void {
  const httpListeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const terminator = new TlsTerminator(policy, (secure, accepted) => {
    connections.finishHandshake(secure, accepted);
    for (const listener of httpListeners) listener.call(server, secure);
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket, 'handshaking');
    void terminator.take(socket);
  });
}

function cannotListen(error: unknown, host: string | undefined, port: number): string {
  const where = joined(host ?? '', port);
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return `cannot listen on ${where}: another process does; stop it or choose another --web.listen-address`;
    case 'EACCES':
      return `cannot listen on ${where}: not permitted (ports below 1024 need a privilege)`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `cannot listen on ${where}: the name has no address (${code})`;
    default:
      return `cannot listen on ${where}: ${code || String(error)}`;
  }
}
