import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import type { Answer } from './answer.ts';
import type { Authenticate } from './authentication.ts';
import type { Gateway } from './gateway.ts';
import { claimOf, readRequest } from './http-request.ts';
import type { Requests } from './requests.ts';

/** HostId of a reply to a request without a Host header. */
const DEFAULT_HOST = 'smartag.cn-shanghai.aliyuncs.com';

export interface HttpServiceParts {
  readonly gateway: Gateway;
  readonly authenticate: Authenticate;
  readonly requests: Requests;
  readonly clock: Clock;
}

/**
 * Serves a gateway over HTTP. Counts the requests in flight. A held request is in flight until its connection
 * ends.
 */
export class HttpService {
  readonly #parts: HttpServiceParts;
  readonly #open = new Set<ServerResponse>();
  #closed = false;

  constructor(parts: HttpServiceParts) {
    this.#parts = parts;
  }

  /** Answers one request; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#closed) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    const end = this.#parts.requests.begin();
    lifetimeOf(response).onEnd(() => {
      this.#open.delete(response);
      end();
    });
    // The client may break the connection while a reply is written. There is nothing to do then.
    response.on('error', () => {});
    const { gateway, authenticate } = this.#parts;
    const answer = await gateway.answer({
      hostId: request.headers.host || DEFAULT_HOST,
      async read() {
        const signed = await readRequest(request);
        if (signed === undefined) return undefined;
        const claim = claimOf(signed);
        return { claim, parameters: signed.parameters, authenticate: () => authenticate(claim) };
      },
      wait: (ms) => this.#wait(ms, response),
    });
    if (answer !== undefined && !response.destroyed && !response.headersSent) {
      send(response, answer);
    }
  }

  /** Closes the connection of every open request and of every later one. */
  close(): void {
    this.#closed = true;
    for (const response of this.#open) response.destroy();
  }

  /** False when the client closed the connection, or the simulator closed, before the time was over. */
  #wait(ms: number, response: ServerResponse): Promise<boolean> {
    const lifetime = lifetimeOf(response);
    if (lifetime.isOver) return Promise.resolve(false);
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const withdraw = lifetime.onEnd(() => {
        cancel();
        resolve(false);
      });
      cancel = this.#parts.clock.after(ms, () => {
        withdraw();
        resolve(true);
      });
    });
  }
}

function send(response: ServerResponse, { delivery, httpStatus, headers, body }: Answer): void {
  if (delivery === 'held') return;
  if (delivery === 'reset') {
    response.destroy();
    return;
  }
  response.writeHead(httpStatus, { ...headers, 'content-length': Buffer.byteLength(body) });
  // When the body is a string, Node.js sends head and body in one write.
  if (delivery === 'whole') response.end(body);
  else response.write(body.slice(0, body.length >> 1), () => response.destroy());
}
