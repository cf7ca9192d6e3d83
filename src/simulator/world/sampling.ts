import type { Random } from './random.ts';

/**
 * Returns a function whose result, in `count` calls, is true exactly `wanted` times, at random (Knuth's
 * selection sampling).
 */
export function marker(count: number, wanted: number, random: Random): () => boolean {
  let [left, open] = [count, wanted];
  return () => {
    const chosen = random.next() * left < open;
    left--;
    if (chosen) open--;
    return chosen;
  };
}

/** Draws `wanted` elements, all equally likely. They keep the order of the list. */
export function sample<T>(list: readonly T[], wanted: number, random: Random): readonly T[] {
  return list.filter(marker(list.length, wanted, random));
}
