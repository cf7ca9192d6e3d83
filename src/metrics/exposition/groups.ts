import type { InstanceRecord } from '../../fleet/fleet.ts';
import { areSame } from './are-same.ts';
import type { RenderedInstance } from './rendered-instances.ts';

/** Series of a family that are rendered and deflated together, more or less. */
export const BLOCK_LINES = 1000;
/** Users of instances that share blocks; past twice that they are parted. */
const GROUP_USERS = BLOCK_LINES;
/** Instances that share blocks: some have several series in a family. */
const GROUP_INSTANCES = BLOCK_LINES / 4;

/** Instances that share blocks: a big one by itself, or several small ones. */
export type Group = readonly InstanceRecord[];

/**
 * Groups instances in their order. As long as the instances are the same, and none has grown out of its
 * group, the groups stay the very same objects: a new user must not shift everybody else's blocks.
 */
export function groupsOf(
  instances: ReadonlyMap<InstanceRecord, RenderedInstance>,
  last: readonly Group[],
): readonly Group[] {
  const usersOf = (record: InstanceRecord): number => instances.get(record)?.users ?? 0;
  const records = [...instances.keys()];
  const fits = (group: Group): boolean =>
    group.length === 1 || sumOf(group.map(usersOf)) <= 2 * GROUP_USERS;
  if (areSame(last.flat(), records) && last.every(fits)) return last;

  const groups: InstanceRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const users = usersOf(record);
    const group = groups.at(-1);
    if (group && group.length < GROUP_INSTANCES && users <= room) {
      group.push(record);
      room -= users;
    } else {
      groups.push([record]);
      room = GROUP_USERS - users;
    }
  }
  return groups;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
