/** The calls of an operation in a stage. Each file of src/poll/stages/ forecasts them; forecast.ts adds them up. */
export interface Calls {
  readonly operation: string;
  /** Number of calls of the first cycle, after which everything is known. */
  readonly firstCalls: number;
  /** Number of calls of a later cycle; a fraction when only some cycles make the call. */
  readonly calls: number;
}

/** Lists the calls of one operation. The list is empty when there are no calls, not even in the first passes. */
export function callsOf(operation: string, calls: number, firstCalls = calls): readonly Calls[] {
  return firstCalls > 0 ? [{ operation, firstCalls, calls }] : [];
}

export function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
