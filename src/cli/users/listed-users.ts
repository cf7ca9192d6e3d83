import { userNamesOf } from '../../exporter/user-names.ts';
import { Presence } from '../../fleet/presence.ts';
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
  const known = presence?.presence ?? new Presence();
  const parts = { presence: known, userTimes: known.times };
  const shown = users.map((user) => new ShownUser(user, parts, { userNames }, privacy));
  const unusedUsers = unusedFor && unusedOnly(shown, presence ?? {}, unusedFor);
  const canTell = unusedFor && known.unusedTest(unusedFor.seconds) !== undefined;
  return {
    instance,
    privacy,
    hasStorage,
    showsPresence,
    ...(presence && { presence }),
    ...(unusedFor && {
      unused: { ...unusedFor, users: canTell ? unusedUsers?.length : undefined, of: users.length },
    }),
    ...(showsUsers(privacy) && { users: unusedUsers ?? shown }),
  };
}

/** Mail addresses come from the API, as in a list without the state, but would tell whom a hash stands for. */
function privacyOfList(metrics: LocatedInstance['config']['metrics']): Privacy {
  const privacy = privacyOf({ settings: metrics, userName: metrics.userName });
  return { ...privacy, userMail: metrics.userName === 'plain' };
}

/** The users who were not online for so long until they were last counted, the longest unused first. */
function unusedOnly(
  users: readonly ShownUser[],
  { countedAt = 0 }: Partial<StoredPresence>,
  { seconds }: UnusedFor,
): readonly ShownUser[] {
  const times = users.flatMap((user) => {
    const unused = user.unusedSeconds(countedAt) ?? 0;
    return unused >= seconds ? [{ user, unused }] : [];
  });
  return times.toSorted((a, b) => b.unused - a.unused).map(({ user }) => user);
}
