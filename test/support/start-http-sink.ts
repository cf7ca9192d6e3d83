import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that has arrived. */
interface Received {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** A server on the loopback interface that keeps every request. */
export interface StartedHttpSink {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly received: readonly Received[];
  stop(): void;
}

/** @param answer what it answers to a request, as JSON */
export async function startHttpSink(
  answer: (url: URL) => unknown = () => ({}),
): Promise<StartedHttpSink> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    received.push({ method: request.method ?? '', url, body: await text(request) });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(url)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
