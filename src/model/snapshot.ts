import type { Session } from './session.ts';
import type { UserTraffic } from './traffic.ts';
import type { User } from './user.ts';

/** Sums over the users of one state. */
export interface UserTotals {
  readonly users: number;
  /** Bytes per second; a user without a value adds nothing. */
  readonly bandwidth: number;
  /** Bytes per second; a user without a value adds nothing. */
  readonly acceleratedBandwidth: number;
}

/** What one users pass saw. */
export interface UsersSnapshot {
  /** Distinct by name, in the API's order. */
  readonly users: readonly User[];
  readonly enabled: UserTotals;
  readonly disabled: UserTotals;
}

/** What the newest online pass left: one observation per user it was asked about. */
export interface OnlineSnapshot {
  /** Online clients by user name; a user never observed is not in it. */
  readonly clients: ReadonlyMap<string, number>;
  /** Sums over users; absent while some user was never observed. */
  readonly totals?: { readonly users: number; readonly clients: number };
}

/** What the newest sessions pass left. */
export interface SessionsSnapshot {
  /** Sessions by user name, an empty list when offline; a user never observed is not in it. */
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
  /** Start of the longest-running session, seconds since the epoch; absent with none, and while some user was never observed. */
  readonly oldestStart?: number;
}

/** What the newest traffic pass left. */
export interface TrafficSnapshot {
  /** By user name; a user whose traffic is unknown is not in it. */
  readonly users: ReadonlyMap<string, UserTraffic>;
}

/** The parts of an instance's picture; each is swapped whole by its stage, and absent before. */
export interface InstanceSnapshot {
  readonly users?: UsersSnapshot;
  readonly online?: OnlineSnapshot;
  readonly sessions?: SessionsSnapshot;
  readonly traffic?: TrafficSnapshot;
}
