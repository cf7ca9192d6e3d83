/** One of several processes that share the instances and the call budget. */
export interface Shard {
  /** A number from 0 to `total` - 1. */
  readonly index: number;
  readonly total: number;
}

/** Stands for a process that polls all instances. */
export const ONLY_SHARD: Shard = { index: 0, total: 1 };
