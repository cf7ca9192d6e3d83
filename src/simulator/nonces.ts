import { detached } from './detached.ts';

/** More than anybody needs to catch a client that repeats itself, and a bound on the memory. */
const REMEMBERED_PER_KEY = 200_000;

/**
 * The nonces each key has used. One is remembered until its request's timestamp has left the
 * window, for then the timestamp alone gets a repetition refused; the oldest go early where a key
 * uses more than can be remembered.
 */
export class Nonces {
  /** Key id -> nonce -> when it may be forgotten, in the order they were used. */
  readonly #used = new Map<string, Map<string, number>>();

  /** Notes a nonce; false when it was used before. Times in milliseconds since the epoch. */
  use(accessKeyId: string, nonce: string, now: number, forgetAt: number): boolean {
    let used = this.#used.get(accessKeyId);
    if (used === undefined) {
      used = new Map();
      this.#used.set(accessKeyId, used);
    }
    const known = used.get(nonce);
    if (known !== undefined && known >= now) return false;
    for (const [oldest, end] of used) {
      if (end >= now && used.size < REMEMBERED_PER_KEY) break;
      used.delete(oldest);
    }
    used.set(detached(nonce), forgetAt);
    return true;
  }
}
