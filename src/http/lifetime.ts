import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The time from the arrival of a request until its response has closed or its socket has.
 *
 * Everything that is counted, held or waited for on behalf of a response is released by its lifetime.
 * The `close` event of the response does not suffice: Node.js does not emit it for a response that is
 * queued behind another on the same connection when that connection breaks.
 */
export class Lifetime {
  readonly #socket: Socket;
  /** Undefined once the lifetime has ended. */
  #releases: Set<() => void> | undefined = new Set();

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** True from the moment on in which the socket is destroyed, before any release has run. */
  get isOver(): boolean {
    return this.#releases === undefined || this.#socket.destroyed;
  }

  /**
   * Calls `release` once, when the lifetime ends, or at once when it has ended.
   *
   * @returns a function that withdraws the release
   */
  onEnd(release: () => void): () => void {
    const releases = this.#releases;
    if (releases === undefined) {
      release();
      return () => {};
    }
    // Another object for each call, so that one function may be registered twice.
    const own = (): void => release();
    releases.add(own);
    return () => releases.delete(own);
  }

  /** Ends the lifetime; further calls do nothing. */
  end(): void {
    const releases = this.#releases;
    this.#releases = undefined;
    for (const release of releases ?? []) release();
  }
}

const OF_RESPONSE = new WeakMap<ServerResponse, Lifetime>();
/** The lifetimes that have not ended, so that a socket needs one listener however many requests it carries. */
const OF_SOCKET = new WeakMap<Socket, Set<Lifetime>>();

/** The one lifetime of a response. */
export function lifetimeOf(response: ServerResponse): Lifetime {
  const known = OF_RESPONSE.get(response);
  if (known) return known;
  const { socket } = response.req;
  const lifetime = new Lifetime(socket);
  OF_RESPONSE.set(response, lifetime);
  if (socket.destroyed) {
    lifetime.end();
    return lifetime;
  }
  const others = lifetimesOn(socket);
  others.add(lifetime);
  lifetime.onEnd(() => others.delete(lifetime));
  response.once('close', () => lifetime.end());
  return lifetime;
}

function lifetimesOn(socket: Socket): Set<Lifetime> {
  const known = OF_SOCKET.get(socket);
  if (known) return known;
  const lifetimes = new Set<Lifetime>();
  OF_SOCKET.set(socket, lifetimes);
  socket.once('close', () => {
    for (const lifetime of lifetimes) lifetime.end();
  });
  return lifetimes;
}
