import type { Fleet } from '../../fleet/fleet.ts';
import type { InstanceHealth } from './instance-health.ts';
import type { Status } from './schema.ts';
import type { UnusedFor } from './unused.ts';

interface Sum {
  /** Absent while no instance has a known value. The sum of an empty fleet is 0 once the fleet is discovered. */
  readonly value: number | undefined;
  /** The number of instances whose value is known and therefore included in the sum. */
  readonly instances: number;
}

export function fleetSums(
  all: readonly InstanceHealth[],
  discovered: boolean,
  unusedAfter: readonly UnusedFor[],
): Status['fleet'] {
  const sum = (read: (health: InstanceHealth) => number | undefined): Sum => {
    const values = all.flatMap((health) => read(health) ?? []);
    const isKnown = values.length > 0 || (all.length === 0 && discovered);
    return {
      value: isKnown ? values.reduce((total, value) => total + value, 0) : undefined,
      instances: values.length,
    };
  };
  const users = sum((health) => health.users);
  const limits = sum(({ visible }) => visible.usersLimit);
  const onlineUsers = sum(({ visible }) => visible.online?.totals?.users);
  const onlineClients = sum(({ visible }) => visible.online?.totals?.clients);
  return {
    instances: all.length,
    instancesUp: all.filter(({ visible }) => visible.up).length,
    instancesNeedingAttention: all.filter(({ findings }) => findings.length > 0).length,
    discovered,
    users: users.value,
    usersInstances: users.instances,
    usersLimit: limits.instances === all.length ? limits.value : undefined,
    onlineUsers: onlineUsers.value,
    onlineClients: onlineClients.value,
    onlineInstances: onlineUsers.instances,
    usersUnused: unusedAfter.map((time, index) => {
      const unused = sum((health) => health.unused[index]?.users);
      return { ...time, users: unused.value, instances: unused.instances };
    }),
  };
}

/** Whether all instances are known: discovery has succeeded once in every region of every account. */
export function isDiscovered(fleet: Fleet): boolean {
  for (const { regionsPending } of fleet.accounts) if (regionsPending) return false;
  let regions = 0;
  for (const { discovery } of fleet.regions) {
    if (discovery.lastSuccess === undefined) return false;
    regions++;
  }
  return regions > 0;
}
