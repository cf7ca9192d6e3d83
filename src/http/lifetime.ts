import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The time from the arrival of a request until its response or its socket has closed.
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

  /** True as soon as the socket is destroyed, which is before any release runs. */
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
    // A new function for each call, so that the same release may be registered twice.
    const entry = (): void => release();
    releases.add(entry);
    return () => releases.delete(entry);
  }

  /** Ends the lifetime; further calls do nothing. */
  end(): void {
    const releases = this.#releases;
    this.#releases = undefined;
    for (const release of releases ?? []) release();
  }
}

const BY_RESPONSE = new WeakMap<ServerResponse, Lifetime>();
/** The lifetimes that have not ended. They share one listener on their socket. */
const BY_SOCKET = new WeakMap<Socket, Set<Lifetime>>();

export function lifetimeOf(response: ServerResponse): Lifetime {
  const existing = BY_RESPONSE.get(response);
  if (existing) return existing;
  const { socket } = response.req;
  const lifetime = new Lifetime(socket);
  BY_RESPONSE.set(response, lifetime);
  if (socket.destroyed) {
    lifetime.end();
    return lifetime;
  }
  const lifetimes = lifetimesOn(socket);
  lifetimes.add(lifetime);
  lifetime.onEnd(() => lifetimes.delete(lifetime));
  response.once('close', () => lifetime.end());
  return lifetime;
}

function lifetimesOn(socket: Socket): Set<Lifetime> {
  const existing = BY_SOCKET.get(socket);
  if (existing) return existing;
  const lifetimes = new Set<Lifetime>();
  BY_SOCKET.set(socket, lifetimes);
  socket.once('close', () => {
    for (const lifetime of lifetimes) lifetime.end();
  });
  return lifetimes;
}
