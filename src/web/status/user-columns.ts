import { oldestStartOf } from '../../fleet/snapshots.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { Person } from './privacy.ts';
import type { Order, SortKey } from './sorting.ts';
import type { UserParts } from './user-status.ts';

/** A column of an instance's users. */
interface UserColumnSpec {
  /** Which way it stands when it is asked for by name alone. */
  readonly order: Order;
  /** The part of the picture it comes from: while that stays the same, so does its order. */
  readonly part: keyof UserParts & keyof VisibleInstance;
  readonly key: (person: Person, parts: UserParts) => SortKey;
}

const column = (
  part: UserColumnSpec['part'],
  order: Order,
  key: UserColumnSpec['key'],
): UserColumnSpec => ({ part, order, key });

/** What the users of an instance can be sorted by. */
export const USER_COLUMNS = {
  online: column('online', 'desc', ({ key }, { online }) => online?.clients.get(key)),
  name: column('users', 'asc', ({ label }) => label.toLowerCase()),
  mail: column('users', 'asc', ({ mail }) => mail?.toLowerCase()),
  state: column('users', 'asc', ({ user }) => user && Number(!user.enabled)),
  // By age, so that the longest is the most.
  since: column('sessions', 'desc', ({ key }, { sessions }) => {
    const start = oldestStartOf(sessions?.sessions.get(key) ?? []);
    return start === undefined ? undefined : -start;
  }),
  address: column('sessions', 'asc', ({ key, fixedAddress }, { sessions }) =>
    addressKey(sessions?.sessions.get(key)?.[0]?.clientIp || fixedAddress),
  ),
  bandwidth: column('users', 'desc', ({ user }) => user?.bandwidth),
  accelerated: column('users', 'desc', ({ user }) => user?.acceleratedBandwidth),
  traffic: column('traffic', 'desc', ({ key }, { traffic }) => traffic?.users.get(key)?.month),
  remaining: column('traffic', 'asc', ({ key }, { traffic }) => traffic?.users.get(key)?.remaining),
} as const satisfies Readonly<Record<string, UserColumnSpec>>;

export type UserColumn = keyof typeof USER_COLUMNS;

/** Digits of the same length, so that 10.0.0.9 stands before 10.0.0.10. */
function addressKey(address: string | undefined): string | undefined {
  return address?.replace(/\d+/g, (digits) => digits.padStart(3, '0'));
}
