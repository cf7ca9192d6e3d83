import { closestMatch } from 'leven';

/** With more edits than this, a key is more likely another word than a slip. */
const MAX_EDITS = 2;

/**
 * Longer words are cut to this length, because the time to compare two words grows with the product of their
 * lengths. Keys and nearly all names are shorter.
 */
const MAX_LENGTH = 60;

/**
 * Returns the candidate that `key` probably misspells; undefined if no candidate is close. Case, `-` and `_`
 * do not count, and at most one letter in three may be wrong.
 */
export function nearest(key: string, candidates: readonly string[]): string | undefined {
  const letters = lettersOf(key);
  const maxDistance = Math.min(MAX_EDITS, Math.floor(letters.length / 3));
  const match = closestMatch(letters, candidates.map(lettersOf), { maxDistance });
  return candidates.find((candidate) => lettersOf(candidate) === match);
}

const lettersOf = (word: string): string =>
  word.slice(0, MAX_LENGTH).toLowerCase().replace(/[-_]/g, '');
