import type { Session } from './session.ts';
import type { User, UserTraffic } from './user.ts';

/** Sums over the users with one state. */
export interface UserTotals {
  readonly users: number;
  /** Bytes per second; a user without a value adds nothing. */
  readonly bandwidth: number;
  /** Bytes per second; a user without a value adds nothing. */
  readonly acceleratedBandwidth: number;
}

export interface UsersSnapshot {
  /** Distinct by name, in the API's order. */
  readonly users: readonly User[];
  readonly enabled: UserTotals;
  readonly disabled: UserTotals;
}

/** The result of the newest online pass. A user who could not be asked about keeps the older count. */
export interface OnlineSnapshot {
  /** Online clients by user name; a user who was never counted is missing. */
  readonly clients: ReadonlyMap<string, number>;
  /** Sums over all users; absent while some user was never counted. */
  readonly totals?: { readonly users: number; readonly clients: number };
}

/** The result of the newest sessions pass. A user who could not be asked about keeps the older sessions. */
export interface SessionsSnapshot {
  /**
   * Sessions by user name. The list is empty for a user who is offline; a user who was never counted is
   * missing.
   */
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
  /**
   * Start of the longest-running session, in seconds since the epoch. Absent when there are no sessions, or
   * when the sessions of some user were never read.
   */
  readonly oldestStart?: number;
}

/** The result of the newest traffic pass. */
export interface TrafficSnapshot {
  /** Traffic by user name; a user whose traffic is unknown is missing. */
  readonly users: ReadonlyMap<string, UserTraffic>;
}

/**
 * Everything that is known of an instance. Each stage replaces its part as a whole; a part is absent before
 * the first successful pass of its stage.
 */
export interface InstanceSnapshot {
  readonly users?: UsersSnapshot;
  readonly online?: OnlineSnapshot;
  readonly sessions?: SessionsSnapshot;
  readonly traffic?: TrafficSnapshot;
}
