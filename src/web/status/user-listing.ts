import { SECOND } from '../../clock.ts';
import type { Messages } from '../messages/index.ts';
import type { InstanceHealth } from './instance-health.ts';
import { type ListedUser, privacyOf, ShownUser, showsUsers } from './privacy.ts';
import type { Privacy } from './schema-parts.ts';
import type { StatusSources } from './sources.ts';
import { type UserStatus, userStatus } from './user-columns.ts';
import type { SortedList, UserLists } from './user-lists.ts';
import type { UserQuery } from './user-query.ts';
import { whyNotUnused } from './why-not-unused.ts';

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
  messages: Messages,
): Promise<UserListing | NoListing> {
  const view = currentView();
  const now = clock.now() / SECOND;
  const privacy = privacyOf(view);
  if (query.invalid !== undefined) {
    return { reason: 'invalid', text: messages.users.invalidUnusedFor(query.invalid) };
  }
  if (!showsUsers(privacy)) return { reason: 'hidden', text: hiddenText(messages, privacy) };
  if (!visible.users && !visible.online && !visible.sessions) {
    return { reason: 'later', text: unknownText(messages, record.stages.users.lastSuccess, now) };
  }
  if (query.unusedFor) {
    const text = whyNotUnused(messages, visible, query.unusedFor, now);
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

function hiddenText({ users }: Messages, { userName }: Privacy): string {
  return users.hidden(
    userName === 'omit' ? 'metrics.user_name: omit' : 'metrics.detail: instances',
  );
}

function unknownText(
  { users, formats }: Messages,
  lastSuccess: number | undefined,
  now: number,
): string {
  if (lastSuccess === undefined) return users.notRead;
  const age = Math.max(0, Math.round(now - lastSuccess));
  return users.stale(formats.duration(age));
}
