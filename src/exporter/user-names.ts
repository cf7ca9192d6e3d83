import type { Config } from '../config/config.ts';
import { readHashKey } from '../config/hash-key.ts';
import { hashedUserNames, plainUserNames, type UserNames } from '../metrics/user-names.ts';

/** How user names are shown, and the key of their hashes; the key is absent when names are plain. */
export interface KeyedUserNames {
  readonly key?: string;
  readonly of: UserNames;
}

/**
 * Reads the key of the hashes, if names are hashed.
 *
 * @param countUsers counts the users whose names may be hashed
 * @param before the names of an earlier configuration; they are used again if their key is the same
 * @throws Error when the file of the key cannot be read
 */
export async function userNamesOf(
  { userName, hashKeyFile }: Config['metrics'],
  countUsers: () => number,
  before?: KeyedUserNames,
): Promise<KeyedUserNames> {
  if (userName !== 'hash' || hashKeyFile === undefined) return { of: plainUserNames };
  const key = await readHashKey(hashKeyFile);
  if (before?.key === key) return before;
  return { key, of: hashedUserNames(Buffer.from(key), countUsers) };
}
