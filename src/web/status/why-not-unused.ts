import type { Presence } from '../../fleet/presence.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { Messages } from '../messages/index.ts';
import { isoTime, minuteOf } from './times.ts';
import type { UnusedFor } from './unused.ts';

/** Why it cannot be told who is unused for so long; undefined when it can be told. */
export function whyNotUnused(
  messages: Messages,
  { online, presence }: VisibleInstance,
  time: UnusedFor,
  now: number,
): string | undefined {
  return online ? whyNotWatched(messages, presence, time, now) : messages.users.onlineUnknown;
}

/** Why it cannot be told from what is recorded who is unused for so long; undefined when it can be told. */
export function whyNotWatched(
  { users, formats }: Messages,
  presence: Presence,
  { seconds }: UnusedFor,
  now: number,
): string | undefined {
  const { watchedSince: since } = presence;
  if (since === undefined) return users.onlineUnknown;
  if (presence.unusedTest(seconds)) return undefined;
  const watched = presence.watchedFor(now);
  const hasGaps = watched < seconds && now - since >= seconds;
  const from = `${minuteOf(isoTime(since) ?? '')} UTC`;
  const time = formats.duration(seconds);
  return hasGaps
    ? users.watchedWithGaps(from, formats.duration(Math.floor(watched)), time)
    : users.watchedTooShort(from, time);
}
