import { detached } from './detached.ts';

/** Maximum number of nonces in memory. Far more than needed to catch a client that repeats a request. */
const REMEMBERED = 400_000;

/**
 * The nonces of all keys. A nonce is remembered until the timestamp of its request has left the window. From
 * then on the timestamp alone refuses a repeated request. When there are too many nonces, the oldest are
 * forgotten early.
 *
 * The nonces are kept in two generations, each of which is discarded as a whole. Deleting the oldest entries
 * of a Map one by one would leave holes, and every iteration from the beginning of the Map has to pass them.
 */
export class Nonces {
  /** Maps key id and nonce to the time when the nonce may be forgotten. */
  #current = new Map<string, number>();
  #previous: ReadonlyMap<string, number> = new Map();
  #currentEnd = Number.NEGATIVE_INFINITY;
  #previousEnd = Number.NEGATIVE_INFINITY;

  /** Remembers a nonce. Returns false when it was used before. Times are milliseconds since the epoch. */
  use(accessKeyId: string, nonce: string, now: number, forgetAt: number): boolean {
    const name = `${accessKeyId}\n${nonce}`;
    const expiry = this.#current.get(name) ?? this.#previous.get(name);
    if (expiry !== undefined && expiry >= now) return false;
    if (now > this.#previousEnd || this.#current.size >= REMEMBERED / 2) this.#turn();
    this.#current.set(detached(name), forgetAt);
    this.#currentEnd = Math.max(this.#currentEnd, forgetAt);
    return true;
  }

  #turn(): void {
    this.#previous = this.#current;
    this.#previousEnd = this.#currentEnd;
    this.#current = new Map();
    this.#currentEnd = Number.NEGATIVE_INFINITY;
  }
}
