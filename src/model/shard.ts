/** One of the processes that divide a fleet, and the budget of calls, among them. */
export interface Shard {
  /** From 0 up, below `total`. */
  readonly index: number;
  readonly total: number;
}

/** The one process there is when nothing is divided. */
export const ONLY_SHARD: Shard = { index: 0, total: 1 };
