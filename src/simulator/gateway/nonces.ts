import { detached } from './detached.ts';

/** More than anybody needs to catch a client that repeats itself, and a bound on the memory. */
const REMEMBERED = 400_000;

/**
 * The nonces of all keys. One is remembered until its request's timestamp has left the window, for
 * then the timestamp alone gets a repetition refused; the oldest go early where more are used than
 * can be remembered.
 *
 * Kept in two generations, thrown away whole: deleting the oldest of a Map one by one leaves holes
 * that every look at its beginning has to pass.
 */
export class Nonces {
  /** Key id and nonce -> when it may be forgotten. */
  #current = new Map<string, number>();
  #previous: ReadonlyMap<string, number> = new Map();
  #currentEnd = Number.NEGATIVE_INFINITY;
  #previousEnd = Number.NEGATIVE_INFINITY;

  /** Notes a nonce; false when it was used before. Times in milliseconds since the epoch. */
  use(accessKeyId: string, nonce: string, now: number, forgetAt: number): boolean {
    const name = `${accessKeyId}\n${nonce}`;
    const known = this.#current.get(name) ?? this.#previous.get(name);
    if (known !== undefined && known >= now) return false;
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
