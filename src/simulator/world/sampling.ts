import type { Random } from './random.ts';

/** Tells, asked `count` times, exactly `wanted` times yes (Knuth's selection sampling). */
export function marker(count: number, wanted: number, random: Random): () => boolean {
  let [left, open] = [count, wanted];
  return () => {
    const chosen = random.next() * left < open;
    left--;
    if (chosen) open--;
    return chosen;
  };
}

/** So many elements of a list, each as likely as the next, in the list's order. */
export function sample<T>(list: readonly T[], wanted: number, random: Random): readonly T[] {
  return list.filter(marker(list.length, wanted, random));
}
