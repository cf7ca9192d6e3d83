import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly contentType: string | undefined;
  /** The form in the body. */
  readonly form: URLSearchParams;
  /** The client's port: one per connection. */
  readonly port: number;
}

/** A server that does exactly what a test says, for answers that the simulator cannot give. */
export interface RawServer {
  readonly url: string;
  /** `host:port`, which no error may quote. */
  readonly host: string;
  readonly requests: readonly RawRequest[];
  /** The number of responses that were sent or whose connection has ended. */
  readonly closed: number;
  /** Connections made so far. */
  readonly connections: number;
  /** The most connections open at once. */
  readonly mostConnections: number;
  stop(): Promise<void>;
}

/** Answers a request. A request without an answer hangs until the test stops the server. */
export type RawAnswer = (response: ServerResponse, request: RawRequest) => void;

/** Starts such a server on a free port of the loopback, unless an address is given. */
export async function startRawServer(
  answer: RawAnswer,
  address: { readonly host: string; readonly port: number } = { host: '127.0.0.1', port: 0 },
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  let closed = 0;
  let connections = 0;
  let open = 0;
  let mostConnections = 0;
  const server = createServer(async (incoming, response) => {
    response.on('close', () => {
      closed++;
    });
    response.on('error', () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      return;
    }
    const request: RawRequest = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      contentType: incoming.headers['content-type'],
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
      port: incoming.socket.remotePort ?? 0,
    };
    requests.push(request);
    answer(response, request);
  });
  server.on('connection', (socket) => {
    connections++;
    open++;
    mostConnections = Math.max(mostConnections, open);
    socket.on('close', () => {
      open--;
    });
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const host = `${address.host}:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    get closed() {
      return closed;
    },
    get connections() {
      return connections;
    },
    get mostConnections() {
      return mostConnections;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers every request in the same way. */
export function always(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): RawAnswer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers });
    response.end(body);
  };
}
