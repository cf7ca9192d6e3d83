import { createHash } from 'node:crypto';
import type { InstanceId } from '../model/instance.ts';
import type { Shard } from '../model/shard.ts';

/** Number of bytes of the hash that make up a weight. A number can hold as many bytes exactly. */
const WEIGHT_BYTES = 6;

export function owns({ index, total }: Shard, id: InstanceId): boolean {
  return ownerOf(id, total) === index;
}

/**
 * The index of the shard that an instance belongs to, by rendezvous hashing (highest random weight): each shard
 * gets a pseudo-random weight for the instance, and the shard with the highest weight owns it. All processes
 * compute the same owner without talking to each other. An additional shard takes instances from all others,
 * and no instance moves between the others.
 *
 * Shards of different versions must agree, so the hashed text and the hash never change.
 */
export function ownerOf(id: InstanceId, total: number): number {
  let owner = 0;
  if (total === 1) return owner;
  let heaviest = -1;
  for (let index = 0; index < total; index++) {
    const weight = weightOf(id, index);
    // Equal weights go to the first shard, for any number of shards.
    if (weight > heaviest) [owner, heaviest] = [index, weight];
  }
  return owner;
}

/** The first 48 bits of the SHA-256 of a JSON list, which keeps the parts of the id apart. */
function weightOf({ account, regionId, instanceId }: InstanceId, index: number): number {
  const key = JSON.stringify([account, regionId, instanceId, index]);
  return createHash('sha256').update(key).digest().readUIntBE(0, WEIGHT_BYTES);
}
