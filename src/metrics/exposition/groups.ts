import type { InstanceRecord } from '../../fleet/fleet.ts';
import { areSame } from '../are-same.ts';
import type { RenderedInstance } from './rendered-instances.ts';

/** Maximum number of lines of a family that are rendered and deflated together. */
export const BLOCK_LINES = 1000;
/** Maximum number of users of a new group. A group that has grown to more than twice as many is divided. */
const GROUP_USERS = BLOCK_LINES;
/** Maximum number of instances of a group: in some families an instance has several lines. */
const GROUP_INSTANCES = BLOCK_LINES / 4;

/** Instances that share blocks. A group is one large instance, or several small instances. */
export type Group = readonly InstanceRecord[];

/**
 * Divides the instances into groups, in their order. Returns the earlier groups while the instances are the
 * same and no group has grown too large, so that a new user does not cause other blocks to be rendered again.
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
