import { userNamesOf } from '../../exporter/user-names.ts';
import { plainUserNames } from '../../metrics/user-names.ts';
import type { User } from '../../model/user.ts';
import { privacyOf, ShownUser, showsUsers } from '../../web/status/privacy.ts';
import type { Privacy } from '../../web/status/schema-parts.ts';
import type { UnusedFor, UnusedUsers } from '../../web/status/unused.ts';
import type { LocatedInstance } from '../one-shot/with-instance.ts';
import type { StoredPresence } from './stored-presence.ts';

export interface UnusedSum extends UnusedUsers {
  /** All users of the instance. */
  readonly of: number;
}

export interface UserList {
  readonly instance: LocatedInstance;
  /** Only the unused ones, the longest unused first, if they were asked for. Absent when only sums may be shown. */
  readonly users?: readonly ShownUser[];
  readonly privacy: Privacy;
  /** Whether a storage directory was given. */
  readonly hasStorage: boolean;
  /** What the state knows of the instance; absent when it does not know it. */
  readonly presence?: StoredPresence;
  /** Whether the list tells of each user when the user was online. */
  readonly showsPresence: boolean;
  readonly unused?: UnusedSum;
}

/** A person with credentials of the API is shown what the API says. */
const OF_THE_API: Privacy = {
  detail: 'sessions',
  userName: 'plain',
  userMail: true,
  clientAddresses: true,
};

/**
 * Joins the users with the state. A list that tells when users were online keeps to the privacy settings of the
 * configuration.
 */
export async function listUsers(
  instance: LocatedInstance,
  users: readonly User[],
  options: {
    readonly hasStorage: boolean;
    readonly presence: StoredPresence | undefined;
    readonly unusedFor: UnusedFor | undefined;
  },
): Promise<UserList> {
  const { hasStorage, presence, unusedFor } = options;
  const { metrics } = instance.config;
  const privacyOfPresence = privacyOfList(metrics);
  const showsPresence = presence !== undefined && showsUsers(privacyOfPresence);
  // Without anything from the state, the list is that of the API.
  const privacy = showsPresence || unusedFor ? privacyOfPresence : OF_THE_API;
  const { of: userNames } =
    privacy === OF_THE_API
      ? { of: plainUserNames }
      : await userNamesOf(metrics, () => users.length);
  const shown = users.map(
    (user) => new ShownUser(user, { watch: presence }, { userNames }, privacy),
  );
  const unused = unusedFor && unusedSum(shown, presence, unusedFor);
  return {
    instance,
    privacy,
    hasStorage,
    showsPresence,
    ...(presence && { presence }),
    ...(unused && { unused }),
    ...(showsUsers(privacy) && {
      users: unusedFor ? unusedOnly(shown, presence, unusedFor) : shown,
    }),
  };
}

/** Mail addresses come from the API, as in a list without the state, but would tell whom a hash stands for. */
function privacyOfList(metrics: LocatedInstance['config']['metrics']): Privacy {
  const privacy = privacyOf({ settings: metrics, userName: metrics.userName });
  return { ...privacy, userMail: metrics.userName === 'plain' };
}

/** The users who were not online for so long until the state was written, the longest unused first. */
function unusedOnly(
  users: readonly ShownUser[],
  stored: StoredPresence | undefined,
  { seconds }: UnusedFor,
): readonly ShownUser[] {
  if (!stored) return [];
  const timesOf = users.flatMap((user) => {
    const unused = user.unusedSeconds(stored.writtenAt) ?? 0;
    return unused >= seconds ? [{ user, unused }] : [];
  });
  return timesOf.toSorted((a, b) => b.unused - a.unused).map(({ user }) => user);
}

function unusedSum(
  users: readonly ShownUser[],
  stored: StoredPresence | undefined,
  time: UnusedFor,
): UnusedSum {
  const isKnown = stored && stored.presence.watchedFor(stored.writtenAt) >= time.seconds;
  return {
    ...time,
    users: isKnown ? unusedOnly(users, stored, time).length : undefined,
    of: users.length,
  };
}
