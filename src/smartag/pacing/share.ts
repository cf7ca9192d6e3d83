import type { Shard } from '../../model/shard.ts';

/**
 * How much wider than its share a shard spaces its calls. Nobody sees all the shards' calls but the
 * server: what one is late, and another early, must not make its second fuller than the budget.
 */
export const HEADROOM = 1.05;

/**
 * A shard's share of so many calls per second; those of all shards add up to them. A call cannot be
 * halved: where there is a whole one for each shard, whole ones are dealt, in order, and what is left
 * of a call goes to the next in line. So no second holds more than the calls per second, rounded up.
 * Fewer are divided evenly, and shards that happen to call at once make `total` calls in a second.
 */
export function shareOf(requestsPerSecond: number, { index, total }: Shard): number {
  const whole = Math.floor(requestsPerSecond);
  if (whole < total) return requestsPerSecond / total;
  const next = whole % total;
  const dealt = Math.floor(whole / total) + (index < next ? 1 : 0);
  return index === next ? dealt + (requestsPerSecond - whole) : dealt;
}

/** Calls per second that a shard comes to while work waits. */
export function paceOf(requestsPerSecond: number, shard: Shard): number {
  return shard.total === 1 ? requestsPerSecond : shareOf(requestsPerSecond, shard) / HEADROOM;
}

/** A budget with which each of so many shards comes to this pace. */
export function budgetFor(pace: number, total: number): number {
  if (total === 1) return pace;
  const share = pace * HEADROOM;
  return (share < 1 ? share : Math.ceil(share)) * total;
}
