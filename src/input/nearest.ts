/** Edits after which a key is more likely another word than a slip. */
const LONGEST_SLIP = 2;

/** The one of `known` that `key` most likely means, or undefined; case, `-` and `_` do not count. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  const word = plain(key);
  const byDistance = known
    .map((candidate) => ({ candidate, distance: edits(word, plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = byDistance;
  const near = best !== undefined && best.distance <= Math.min(LONGEST_SLIP, word.length / 3);
  return near ? best.candidate : undefined;
}

/** Longer words are cut: no key is that long, and the distance below takes quadratic time. */
const plain = (key: string): string => key.slice(0, 60).toLowerCase().replace(/[-_]/g, '');

/** Levenshtein's distance: letters to insert, remove or replace. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
