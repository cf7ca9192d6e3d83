import type { User } from '../../model/user.ts';
import type { Privacy } from './schema.ts';
import type { StatusView } from './sources.ts';

/**
 * What of users may be told. Who wants names hashed does not want to be led to them by addresses
 * either, unless `detail: sessions` has these on /metrics beside the hashes.
 */
export function privacyOf({ settings, userName }: StatusView): Privacy {
  const { detail, userMail } = settings;
  const clientAddresses = detail === 'sessions' || (detail === 'users' && userName === 'plain');
  return { detail, userName, userMail: userMail && userName === 'plain', clientAddresses };
}

/** Whether single users may be told of at all. */
export function tellsUsers({ detail, userName }: Privacy): boolean {
  return detail !== 'instances' && userName !== 'omit';
}

/** Someone of an instance: what may be told of a user, and where to find the rest. */
export interface Person {
  /** What stands for the name. */
  readonly label: string;
  /** The name itself, by which other stages know the user; never to be shown. */
  readonly key: string;
  readonly mail?: string | undefined;
  readonly fixedAddress?: string | undefined;
  /** Absent for one whom only other stages know. */
  readonly user?: User | undefined;
}

/** A user of the list, or the name of one whom only other stages know. */
export type Listee = User | string;

/** What may be told of a user; nothing else of names, mails and addresses may be used to find it. */
export function personOf(
  listee: Listee,
  { userNames }: Pick<StatusView, 'userNames'>,
  privacy: Privacy,
): Person {
  const user = typeof listee === 'string' ? undefined : listee;
  const key = typeof listee === 'string' ? listee : listee.name;
  return {
    label: userNames(key),
    key,
    user,
    mail: privacy.userMail ? user?.mail : undefined,
    fixedAddress: privacy.clientAddresses ? user?.clientIp : undefined,
  };
}
