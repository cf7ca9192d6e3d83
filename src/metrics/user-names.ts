import { createHmac } from 'node:crypto';

/** Hexadecimal digits kept of a hashed name. */
const HASH_DIGITS = 16;

/** The cache of hashes is thrown away when it is this much larger than the fleet can need. */
const CACHE_SLACK = 10_000;

/** What stands in the `user_name` label. */
export type UserNames = (userName: string) => string;

export const plainUserNames: UserNames = (userName) => userName;

/**
 * Names hashed with a secret key (HMAC-SHA256): the same name gives the same hash on every replica
 * with the same key, and cannot be found out without it.
 *
 * @param population how many users there are now, which bounds what is remembered
 */
export function hashedUserNames(key: Uint8Array, population: () => number): UserNames {
  const hashes = new Map<string, string>();
  let limit = CACHE_SLACK;
  return (userName) => {
    const known = hashes.get(userName);
    if (known !== undefined) return known;
    if (hashes.size >= limit) {
      // Counting the users takes time, so not for each name.
      limit = 2 * population() + CACHE_SLACK;
      if (hashes.size >= limit) hashes.clear();
    }
    const hash = createHmac('sha256', key).update(userName).digest('hex').slice(0, HASH_DIGITS);
    hashes.set(userName, hash);
    return hash;
  };
}
