import type { VisibleInstance } from '../../fleet/visible.ts';
import type { Session } from '../../model/session.ts';
import type { UserTraffic } from '../../model/traffic.ts';
import type { User } from '../../model/user.ts';
import type { Privacy } from './schema.ts';
import type { StatusView } from './sources.ts';

/**
 * The privacy settings of the status page and the JSON.
 *
 * Hashed names also hide client addresses, because an address can identify a user. With `detail: sessions`,
 * /metrics shows addresses beside the hashes, so there is nothing left to hide.
 */
export function privacyOf({ settings, userName }: StatusView): Privacy {
  const { detail, userMail } = settings;
  const clientAddresses = detail === 'sessions' || (detail === 'users' && userName === 'plain');
  return { detail, userName, userMail: userMail && userName === 'plain', clientAddresses };
}

/** Whether the privacy settings allow lists of users. */
export function showsUsers({ detail, userName }: Privacy): boolean {
  return detail !== 'instances' && userName !== 'omit';
}

/** The parts of an instance's snapshot that describe its users. */
export type UserParts = Pick<VisibleInstance, 'users' | 'online' | 'sessions' | 'traffic'>;

/** A user of the list of users; only a name while that list is stale and another stage knows the user. */
export type ListedUser = Pick<User, 'name'> & Partial<User>;

/** A user with the privacy settings applied: lists show, search and sort by these values only. */
export interface ShownUser extends Omit<ListedUser, 'mail' | 'clientIp'> {
  /** The name, or the substitute that `metrics.user_name` sets. */
  readonly name: string;
  readonly mail: string | undefined;
  readonly clientIp: string | undefined;
  /** Clients online; absent when unknown. */
  readonly clients: number | undefined;
  /** With an empty address where the settings hide it. */
  readonly sessions: readonly Session[] | undefined;
  readonly traffic: UserTraffic | undefined;
}

/** This is the one place that applies the privacy settings to a user. */
export function shownUser(
  listed: ListedUser,
  { online, sessions, traffic }: UserParts,
  { userNames }: Pick<StatusView, 'userNames'>,
  { userMail, clientAddresses }: Privacy,
): ShownUser {
  const { name, mail, clientIp } = listed;
  const own = sessions?.sessions.get(name);
  return {
    ...listed,
    name: userNames(name).toWellFormed(),
    mail: userMail ? mail?.toWellFormed() : undefined,
    clientIp: clientAddresses ? clientIp?.toWellFormed() : undefined,
    clients: online?.clients.get(name),
    sessions: clientAddresses ? own : own?.map((session) => ({ ...session, clientIp: '' })),
    traffic: traffic?.users.get(name),
  };
}
