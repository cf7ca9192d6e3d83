/** How one thing stands to another: below 0, before it; above, after it. */
export type Compare<Item> = (one: Item, other: Item) => number;

/** What lists are sorted by; unknown is always last. */
export type SortKey = string | number | undefined;

export type Order = 'asc' | 'desc';

/** Sorted at once: a few milliseconds. */
const CHUNK = 2000;

/** Steps of merging after which others may have a turn. */
const STEPS = 4000;

/**
 * The items in order; equal ones stay as they stood. Yields where it may be interrupted: a merge sort, as
 * what Array has cannot be.
 */
export function* sorted<Item>(
  items: readonly Item[],
  compare: Compare<Item>,
): Generator<undefined, readonly Item[]> {
  let runs: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += CHUNK) {
    runs.push(items.slice(at, at + CHUNK).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: (readonly Item[])[] = [];
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<Item>(
  ones: readonly Item[],
  others: readonly Item[],
  compare: Compare<Item>,
): Generator<undefined, readonly Item[]> {
  const merged: Item[] = [];
  for (let i = 0, j = 0; i < ones.length || j < others.length; ) {
    const [one, other] = [ones[i], others[j]];
    const takesOne =
      j >= others.length || (i < ones.length && compare(one as Item, other as Item) <= 0);
    merged.push((takesOne ? one : other) as Item);
    if (takesOne) i++;
    else j++;
    if (merged.length % STEPS === 0) yield;
  }
  return merged;
}

/** By what lies in each; unknown is last whichever way the rest stands. */
export function byKey<Item>(keyOf: (item: Item) => SortKey, order: Order): Compare<Item> {
  const sign = order === 'asc' ? 1 : -1;
  return (one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    if (a === undefined || b === undefined)
      return Number(a === undefined) - Number(b === undefined);
    return a < b ? -sign : a > b ? sign : 0;
  };
}
