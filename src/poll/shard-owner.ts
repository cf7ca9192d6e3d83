import { createHash } from 'node:crypto';
import type { InstanceId } from '../model/instance.ts';
import type { Shard } from '../model/shard.ts';

/** Bytes of the hash that make a weight: as many as a number holds exactly. */
const WEIGHT_BYTES = 6;

/** Whether the instance belongs to the shard. */
export function owns({ index, total }: Shard, id: InstanceId): boolean {
  return ownerOf(id, total) === index;
}

/**
 * The index of the shard an instance belongs to, by rendezvous hashing (highest random weight): each
 * shard draws a weight for the instance, and the heaviest has it. So every process comes to the same
 * without asking anybody, and one shard more takes its part from all the others and moves nothing
 * among them.
 *
 * Shards of different versions must agree: what is hashed, and how, never changes.
 */
export function ownerOf(id: InstanceId, total: number): number {
  let owner = 0;
  if (total === 1) return owner;
  let heaviest = -1;
  for (let index = 0; index < total; index++) {
    const weight = weightOf(id, index);
    // Of equal ones the first: it is the same with more shards.
    if (weight > heaviest) [owner, heaviest] = [index, weight];
  }
  return owner;
}

/** The first 48 bits of the SHA-256 of a JSON list, in which no part can pass for another. */
function weightOf({ account, regionId, instanceId }: InstanceId, index: number): number {
  const key = JSON.stringify([account, regionId, instanceId, index]);
  return createHash('sha256').update(key).digest().readUIntBE(0, WEIGHT_BYTES);
}
