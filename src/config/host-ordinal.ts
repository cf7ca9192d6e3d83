import { valueAt } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';
import { DEFAULT_TOTAL, HOSTNAME, type ShardFile } from './schema/shard.ts';

/** The name of a StatefulSet's pod is the name of the set and an ordinal; a domain may follow. */
const ORDINAL = /^[^.]*-(0|[1-9]\d{0,8})(?:\.|$)/;

/** The index of the shard: the number in the file, or the ordinal in the host name. */
export function shardIndex({ index }: ShardFile, hostName: string): number {
  const number = index === HOSTNAME ? ordinalOf(hostName) : index;
  if (number === undefined) throw new TypeError('a host name without an ordinal has been refused');
  return number;
}

/** Finds that the host name has no usable ordinal, if the file takes the index of the shard from it. */
export function* findWrongHostName(file: unknown, hostName: string): Generator<Finding> {
  const path = ['shard', 'index'];
  if (valueAt(file, path) !== HOSTNAME) return;
  const total = valueAt(file, ['shard', 'total']) ?? DEFAULT_TOTAL;
  const ordinal = ordinalOf(hostName);
  // The schema reports a total of a wrong type.
  if (ordinal !== undefined && !(typeof total === 'number' && ordinal >= total)) return;
  const expected = 'a host name that ends in an ordinal below total, such as name-0';
  yield { path, expected, got: `the host name ${JSON.stringify(hostName)}` };
}

function ordinalOf(hostName: string): number | undefined {
  const ordinal = ORDINAL.exec(hostName)?.[1];
  return ordinal === undefined ? undefined : Number(ordinal);
}
