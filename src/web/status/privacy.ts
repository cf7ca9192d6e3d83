import { oldestStartOf } from '../../fleet/snapshots.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { Session } from '../../model/session.ts';
import type { User, UserTraffic } from '../../model/user.ts';
import type { Privacy } from './schema-parts.ts';
import type { StatusView } from './sources.ts';

/**
 * The privacy settings of the status page and the JSON.
 *
 * Hashed names also hide client addresses, because an address can identify a user. With `detail: sessions`,
 * /metrics shows addresses beside the hashes, so there is nothing left to hide.
 */
export function privacyOf({
  settings,
  userName,
}: Pick<StatusView, 'settings' | 'userName'>): Privacy {
  const { detail, userMail } = settings;
  const clientAddresses = detail === 'sessions' || (detail === 'users' && userName === 'plain');
  return { detail, userName, userMail: userMail && userName === 'plain', clientAddresses };
}

export function showsUsers({ detail, userName }: Privacy): boolean {
  return detail !== 'instances' && userName !== 'omit';
}

/** What is known of the users of an instance. */
export type UserParts = Pick<
  VisibleInstance,
  'users' | 'online' | 'sessions' | 'traffic' | 'userTimes' | 'presence'
>;

/** A user of an instance. It has only a name while the list of users is stale and another stage knows the user. */
export type ListedUser = Pick<User, 'name'> & Partial<User>;

/**
 * A user with the privacy settings applied. Lists show, search and sort only by these values. This class is
 * the one place that applies the settings to a user. It has getters, because a list reads only a few values
 * of its many users.
 */
export class ShownUser {
  /** The name, or the substitute that `metrics.user_name` sets. */
  readonly name: string;
  /** The values that no setting hides. */
  readonly attributes: Partial<Omit<User, 'name' | 'mail' | 'clientIp'>>;
  readonly #listed: ListedUser;
  readonly #parts: UserParts;
  readonly #privacy: Privacy;

  constructor(
    listed: ListedUser,
    parts: UserParts,
    { userNames }: Pick<StatusView, 'userNames'>,
    privacy: Privacy,
  ) {
    this.name = userNames(listed.name);
    this.attributes = listed;
    this.#listed = listed;
    this.#parts = parts;
    this.#privacy = privacy;
  }

  get mail(): string | undefined {
    return this.#privacy.userMail ? this.#listed.mail : undefined;
  }

  get clientIp(): string | undefined {
    return this.#privacy.clientAddresses ? this.#listed.clientIp : undefined;
  }

  /** Number of clients online; undefined when unknown. */
  get clients(): number | undefined {
    return this.#parts.online?.clients.get(this.#listed.name);
  }

  /** When the user was last seen online, in seconds since the epoch. */
  get lastOnline(): number | undefined {
    return this.#parts.userTimes?.get(this.#listed.name)?.lastOnline;
  }

  /** Since when it is recorded whether the user is online, in seconds since the epoch. */
  get watchedSince(): number | undefined {
    const { userTimes, presence } = this.#parts;
    const times = userTimes?.get(this.#listed.name);
    if (!times || presence.watchedSince === undefined) return undefined;
    return Math.max(times.firstSeen, presence.watchedSince);
  }

  /** Seconds for which the user was watched without being online, until `now`. */
  unusedSeconds(now: number): number | undefined {
    return this.#parts.userTimes && this.#parts.presence.unusedFor(this.#listed.name, now);
  }

  /** Start of the longest-running session, in seconds since the epoch. */
  get onlineSince(): number | undefined {
    return oldestStartOf(this.#sessions ?? []);
  }

  /** The address of each session is empty when the settings hide it. */
  get sessions(): readonly Session[] | undefined {
    if (this.#privacy.clientAddresses) return this.#sessions;
    return this.#sessions?.map((session) => ({ ...session, clientIp: '' }));
  }

  get traffic(): UserTraffic | undefined {
    return this.#parts.traffic?.users.get(this.#listed.name);
  }

  get #sessions(): readonly Session[] | undefined {
    return this.#parts.sessions?.sessions.get(this.#listed.name);
  }
}
