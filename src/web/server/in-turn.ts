import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { type Lifetime, lifetimeOf } from '../../http/lifetime.ts';
import { LONGEST_ANSWER, MOST_WAITING_REQUESTS } from '../limits.ts';

/**
 * Decorates a listener: passes on the requests of one connection one at a time, each when the response before
 * it has ended. A response that takes longer than LONGEST_ANSWER is broken off together with its connection.
 *
 * Node.js hands over pipelined requests as soon as it has read them. Without this decorator, one connection
 * could take every slot for scrapes, or cause hundreds of pages to be rendered that it never reads.
 */
export function inTurn(listener: RequestListener, clock: Clock): RequestListener {
  const last = new WeakMap<Socket, Lifetime>();
  let waiting = 0;
  return (request, response) => {
    const { socket } = request;
    const lifetime = lifetimeOf(response);
    const before = last.get(socket);
    last.set(socket, lifetime);
    const begin = (): void => {
      if (lifetime.isOver) return;
      endInTime(response, clock);
      listener(request, response);
    };
    if (!before || before.isOver) {
      begin();
      return;
    }
    if (waiting >= MOST_WAITING_REQUESTS) {
      socket.destroy();
      return;
    }
    waiting++;
    before.onEnd(() => {
      waiting--;
      begin();
    });
  };
}

function endInTime(response: ServerResponse, clock: Clock): void {
  const cancel = clock.after(LONGEST_ANSWER, () => response.destroy());
  lifetimeOf(response).onEnd(cancel);
}
