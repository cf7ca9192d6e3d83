import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Connections } from './connections.ts';
import { type GateOptions, guarded } from './gate.ts';
import { HTTP_LIMITS, MOST_CONNECTIONS, MOST_HEADERS, STALLED } from './limits.ts';
import { joined, type ListenAddress } from './listen-address.ts';
import { TlsTerminator } from './tls.ts';

/** A server that listens. */
export interface Listener {
  /** `host:port` as bound, an IPv6 host in brackets. */
  readonly address: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Takes no new requests and resolves when those in hand are answered. */
  stop(): Promise<void>;
}

/**
 * Serves the app.
 *
 * @param gate what requests pass before it; absent: plain HTTP for everybody
 * @throws Error when the address cannot be bound; its message says what to do
 */
export async function listen(
  app: http.RequestListener,
  { host, port }: ListenAddress,
  gate?: GateOptions,
): Promise<Listener> {
  const server = http.createServer(HTTP_LIMITS, gate ? guarded(app, gate) : app);
  server.maxHeadersCount = MOST_HEADERS;
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = STALLED;
  const scheme = gate?.policy.current.tls ? 'https' : 'http';
  const connections = new Connections(server);
  if (gate && scheme === 'https') terminateTls(server, gate, connections);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(cannotListen(error, host, port))));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    address: joined(bound.address, bound.port),
    port: bound.port,
    scheme,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.close();
      }),
  };
}

/** Has the server speak HTTP only on connections whose handshake is done. */
function terminateTls(
  server: http.Server,
  { policy }: GateOptions,
  connections: Connections,
): void {
  const speak = server.listeners('connection');
  server.removeAllListeners('connection');
  const terminator = new TlsTerminator(policy, (secure) => {
    for (const each of speak) each.call(server, secure);
  });
  server.on('connection', (socket: Socket) => {
    connections.opened(socket);
    void terminator.take(socket);
  });
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
