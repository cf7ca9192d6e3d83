import { SECOND } from '../../clock.ts';
import { duration } from '../words.ts';
import type { InstanceHealth } from './instance-health.ts';
import { type ListedUser, privacyOf, ShownUser, showsUsers } from './privacy.ts';
import type { Privacy } from './schema-parts.ts';
import type { StatusSources } from './sources.ts';
import { whyNotUnused } from './unused.ts';
import { type UserStatus, userStatus } from './user-columns.ts';
import type { SortedList, UserLists } from './user-lists.ts';
import type { UserQuery } from './user-query.ts';

/** The users of an instance that match a query. */
export interface UserListing extends SortedList {
  readonly privacy: Privacy;
  readonly hasTraffic: boolean;
  readonly statusOf: (user: ListedUser) => UserStatus;
}

/** Why the users of an instance cannot be listed. */
export interface NoListing {
  /** `later`: the same request can be answered later. */
  readonly reason: 'invalid' | 'hidden' | 'later';
  /** One or two sentences, with code in backticks. */
  readonly text: string;
}

export async function listUsers(
  lists: UserLists,
  { view: currentView, clock }: StatusSources,
  { record, visible }: InstanceHealth,
  query: UserQuery,
): Promise<UserListing | NoListing> {
  const view = currentView();
  const now = clock.now() / SECOND;
  const privacy = privacyOf(view);
  if (query.invalid !== undefined) return { reason: 'invalid', text: query.invalid };
  if (!showsUsers(privacy)) return { reason: 'hidden', text: hiddenText(privacy) };
  if (!visible.users && !visible.online && !visible.sessions) {
    return { reason: 'later', text: unknownText(record.stages.users.lastSuccess, now) };
  }
  if (query.unusedFor) {
    const text = whyNotUnused(visible, query.unusedFor, now);
    if (text !== undefined) return { reason: 'later', text };
  }
  const list = await lists.list(record, { parts: visible, view, query });
  return {
    ...list,
    privacy,
    hasTraffic: record.stages.traffic !== undefined,
    statusOf: (user) => userStatus(new ShownUser(user, visible, view, privacy), now),
  };
}

function hiddenText({ userName }: Privacy): string {
  const setting = userName === 'omit' ? '`metrics.user_name: omit`' : '`metrics.detail: instances`';
  return `Users are not shown, because of the setting ${setting}.`;
}

function unknownText(lastSuccess: number | undefined, now: number): string {
  if (lastSuccess === undefined) return 'The users have not been read yet.';
  const age = Math.max(0, Math.round(now - lastSuccess));
  return `The list of users is stale: it was last read ${duration(age)} ago.`;
}
