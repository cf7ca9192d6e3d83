import { createHmac } from 'node:crypto';

const HASH_DIGITS = 16;

/** The cache of hashes is emptied when it holds this many more hashes than twice the number of users. */
const CACHE_SLACK = 10_000;

/** Returns the value of the label `user_name` for a user. */
export type UserNames = (userName: string) => string;

export const plainUserNames: UserNames = (userName) => userName;

/**
 * Hashes names with a secret key (HMAC-SHA256). Replicas with the same key show the same hash for a name;
 * without the key the name cannot be found from its hash.
 *
 * @param countUsers counts the users of the fleet, which limits the size of the cache
 */
export function hashedUserNames(key: Uint8Array, countUsers: () => number): UserNames {
  const hashes = new Map<string, string>();
  let limit = CACHE_SLACK;
  return (userName) => {
    const cached = hashes.get(userName);
    if (cached !== undefined) return cached;
    if (hashes.size >= limit) {
      // Counting the users takes time, so they are not counted for each name.
      limit = 2 * countUsers() + CACHE_SLACK;
      if (hashes.size >= limit) hashes.clear();
    }
    const hash = createHmac('sha256', key).update(userName).digest('hex').slice(0, HASH_DIGITS);
    hashes.set(userName, hash);
    return hash;
  };
}
