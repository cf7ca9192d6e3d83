import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy on the loopback interface, for tunnels (CONNECT) and for requests with whole URLs. */
export interface StartedProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** The URL of the proxy with a user and password. */
  urlFor(user: string, password: string): string;
  /** The requests so far, oldest first: `CONNECT host:port`, or the method and the whole URL. */
  readonly requests: readonly string[];
  /** Sets what the proxy does from now on: forward, refuse with a status, or not answer. */
  behave(as: 'works' | 'silent' | number): void;
  stop(): Promise<void>;
}

export interface ProxyWishes {
  /** The `user:password` that the proxy requires. */
  readonly login?: string;
  /** Other targets for tunnels, by the requested `host:port`. @default the requested target */
  readonly leads?: Readonly<Record<string, string>>;
}

export async function startProxy({ login, leads = {} }: ProxyWishes = {}): Promise<StartedProxy> {
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  let behaviour: 'works' | 'silent' | number = 'works';
  const refusal = ({ headers }: IncomingMessage): number | undefined => {
    if (typeof behaviour === 'number') return behaviour;
    const requiredLogin = login && `Basic ${Buffer.from(login).toString('base64')}`;
    return requiredLogin && headers['proxy-authorization'] !== requiredLogin ? 407 : undefined;
  };
  const server = createServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    if (behaviour === 'silent') return;
    const status = refusal(incoming);
    if (status !== undefined) return void response.writeHead(status).end('<html>no</html>');
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const onward = request(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('connect', (incoming, socket: Duplex) => {
    requests.push(`CONNECT ${incoming.url}`);
    if (behaviour === 'silent') return;
    const status = refusal(incoming);
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const target = leads[incoming.url ?? ''] ?? incoming.url ?? '';
    const onward = connect(Number(target.split(':')[1]), target.split(':')[0]);
    sockets.add(onward);
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    urlFor: (user, password) =>
      `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    requests,
    behave(as) {
      behaviour = as;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
