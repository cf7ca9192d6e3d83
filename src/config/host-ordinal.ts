import { valueAt } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { DEFAULT_TOTAL, HOSTNAME, type ShardFile } from './schema/shard.ts';

/** A StatefulSet's pod is named after the set with its ordinal; a domain may follow. */
const ORDINAL = /^[^.]*-(0|[1-9]\d{0,8})(?:\.|$)/;

/** The index of the shard that the file, or the host's name in its stead, gives. */
export function shardIndex({ index }: ShardFile, hostName: string): number {
  const given = index === HOSTNAME ? ordinalOf(hostName) : index;
  if (given === undefined) throw new TypeError('a name without ordinal has been refused');
  return given;
}

/** What is wrong with the host's name, in a file that takes the index of the shard from it. */
export function* findWrongHostName(file: unknown, hostName: string): Generator<Finding> {
  const path = ['shard', 'index'];
  if (valueAt(file, path) !== HOSTNAME) return;
  const total = valueAt(file, ['shard', 'total']) ?? DEFAULT_TOTAL;
  const ordinal = ordinalOf(hostName);
  // What is wrong with the total itself is told of the total.
  if (ordinal !== undefined && !(typeof total === 'number' && ordinal >= total)) return;
  const expected = 'a host name that ends in an ordinal below total, such as name-0';
  yield { path, expected, got: `the host name ${JSON.stringify(hostName)}` };
}

/** Undefined when the name ends in none. */
function ordinalOf(hostName: string): number | undefined {
  const ordinal = ORDINAL.exec(hostName)?.[1];
  return ordinal === undefined ? undefined : Number(ordinal);
}
