import type { Shard } from '../../model/shard.ts';

/**
 * A shard spaces its calls wider than its share by this factor. Shards do not see each other's calls: when
 * one shard sends late and another early, the calls of a second must still stay within the budget.
 */
export const HEADROOM = 1.05;

/**
 * A shard's share of the rate. The shares of all shards add up to the rate.
 *
 * When the rate is at least one call per second for each shard, whole calls are dealt to the shards in order,
 * and the remaining fraction goes to the next shard. So the calls of a second never exceed the rate, rounded
 * up. A lower rate is divided evenly. Then shards that happen to call at the same time make `total` calls in
 * a second.
 */
export function shareOf(requestsPerSecond: number, { index, total }: Shard): number {
  const whole = Math.floor(requestsPerSecond);
  if (whole < total) return requestsPerSecond / total;
  const next = whole % total;
  const dealt = Math.floor(whole / total) + (index < next ? 1 : 0);
  return index === next ? dealt + (requestsPerSecond - whole) : dealt;
}

/** Calls per second that a shard makes while its calls are waiting. */
export function paceOf(requestsPerSecond: number, shard: Shard): number {
  return shard.total === 1 ? requestsPerSecond : shareOf(requestsPerSecond, shard) / HEADROOM;
}

/** The value of requests_per_second with which each of `total` shards reaches this pace. */
export function budgetFor(pace: number, total: number): number {
  if (total === 1) return pace;
  const share = pace * HEADROOM;
  return (share < 1 ? share : Math.ceil(share)) * total;
}
