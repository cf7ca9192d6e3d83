import type { Calls } from './fleet-look.ts';

/** Lists the calls of one operation. The list is empty when there are no calls, not even in the first passes. */
export function callsOf(operation: string, calls: number, firstCalls = calls): readonly Calls[] {
  return firstCalls > 0 ? [{ operation, firstCalls, calls }] : [];
}

export function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
