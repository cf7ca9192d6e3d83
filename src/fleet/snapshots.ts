import type { Session } from '../model/session.ts';
import type {
  InstanceSnapshot,
  OnlineSnapshot,
  SessionsSnapshot,
  UsersSnapshot,
  UserTotals,
} from '../model/snapshot.ts';
import { INSTANCE_STAGES, type InstanceStage } from '../model/stage.ts';
import type { User } from '../model/user.ts';

export function partsOf(
  snapshot: InstanceSnapshot,
  isChosen: (stage: InstanceStage) => boolean,
): InstanceSnapshot {
  const parts: { -readonly [Part in keyof InstanceSnapshot]: InstanceSnapshot[Part] } = {
    ...snapshot,
  };
  for (const stage of INSTANCE_STAGES) if (!isChosen(stage)) delete parts[stage];
  return parts;
}

/** @param users distinct by name */
export function usersSnapshot(users: readonly User[]): UsersSnapshot {
  return {
    users,
    enabled: totalsOf(users.filter((user) => user.enabled)),
    disabled: totalsOf(users.filter((user) => !user.enabled)),
  };
}

function totalsOf(users: readonly User[]): UserTotals {
  let bandwidth = 0;
  let acceleratedBandwidth = 0;
  for (const user of users) {
    bandwidth += user.bandwidth ?? 0;
    acceleratedBandwidth += user.acceleratedBandwidth ?? 0;
  }
  return { users: users.length, bandwidth, acceleratedBandwidth };
}

/**
 * Builds the snapshot of an online pass. A user whom the pass did not count keeps the count of the earlier
 * snapshot. When a user has neither, the sums are unknown. A user who is no longer listed is left out.
 *
 * @param observed the counts of the pass
 */
export function onlineSnapshot(
  users: readonly User[],
  observed: ReadonlyMap<string, number>,
  previous: OnlineSnapshot | undefined,
): OnlineSnapshot {
  const clients = new Map<string, number>();
  let onlineUsers = 0;
  let onlineClients = 0;
  for (const { name } of users) {
    const count = observed.get(name) ?? previous?.clients.get(name);
    if (count === undefined) continue;
    clients.set(name, count);
    onlineClients += count;
    if (count > 0) onlineUsers++;
  }
  if (clients.size < users.length) return { clients };
  return { clients, totals: { users: onlineUsers, clients: onlineClients } };
}

/**
 * Builds the snapshot of a sessions pass. A user who is not in `observed`, the sessions of the pass, keeps
 * those of the earlier snapshot. A user who is no longer listed is left out.
 */
export function sessionsSnapshot(
  users: readonly Pick<User, 'name'>[],
  observed: ReadonlyMap<string, readonly Session[]>,
  previous: SessionsSnapshot | undefined,
): SessionsSnapshot {
  const sessions = new Map<string, readonly Session[]>();
  let oldestStart: number | undefined;
  for (const { name } of users) {
    const userSessions = observed.get(name) ?? previous?.sessions.get(name);
    if (userSessions === undefined) continue;
    sessions.set(name, userSessions);
    oldestStart = earliest(oldestStart, oldestStartOf(userSessions));
  }
  if (sessions.size < users.length || oldestStart === undefined) return { sessions };
  return { sessions, oldestStart };
}

/** Start of the longest-running session, in seconds since the epoch; undefined when no start is known. */
export function oldestStartOf(sessions: readonly Session[]): number | undefined {
  return sessions.reduce<number | undefined>(
    (oldest, session) => earliest(oldest, session.start),
    undefined,
  );
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
