/** Compares two items for sorting: negative when `a` comes first. */
export type Compare<Item> = (a: Item, b: Item) => number;

/** Undefined keys come last in both orders. */
export type SortKey = string | number | undefined;

export type Order = 'asc' | 'desc';

/** Items that Array.sort sorts in one step, within a few milliseconds. */
const CHUNK = 2000;

/** Number of merged items after which other work may get a turn. */
const STEPS = 4000;

/**
 * A stable merge sort that yields where it may be interrupted. Array.sort cannot be interrupted, so it only sorts
 * the initial chunks. The keys by which a list can be sorted stand in user-columns.ts and instance-list.ts.
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
  left: readonly Item[],
  right: readonly Item[],
  compare: Compare<Item>,
): Generator<undefined, readonly Item[]> {
  const merged: Item[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const [a, b] = [left[i], right[j]];
    const takesLeft = j >= right.length || (i < left.length && compare(a as Item, b as Item) <= 0);
    merged.push((takesLeft ? a : b) as Item);
    if (takesLeft) i++;
    else j++;
    if (merged.length % STEPS === 0) yield;
  }
  return merged;
}

export function byKey<Item>(keyOf: (item: Item) => SortKey, order: Order): Compare<Item> {
  const sign = order === 'asc' ? 1 : -1;
  return (a, b) => {
    const [keyA, keyB] = [keyOf(a), keyOf(b)];
    if (keyA === undefined || keyB === undefined)
      return Number(keyA === undefined) - Number(keyB === undefined);
    return keyA < keyB ? -sign : keyA > keyB ? sign : 0;
  };
}
