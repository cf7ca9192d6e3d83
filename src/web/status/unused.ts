import { SECOND } from '../../clock.ts';
import type { Presence } from '../../fleet/presence.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import { parseDuration } from '../../input/duration.ts';
import { duration, minuteOf } from '../words.ts';
import type { StatusView } from './sources.ts';
import { isoTime } from './times.ts';

/** A time without being online. */
export interface UnusedFor {
  /** As it is written in the configuration or in a URL, for example `90d`. */
  readonly unusedFor: string;
  readonly seconds: number;
}

/** The number of users who were not online for a time. */
export interface UnusedUsers extends UnusedFor {
  /** Absent until the instance was watched for so long, and while it is not known who is online. */
  readonly users: number | undefined;
}

/** The times of `metrics.unused_after`. */
export function unusedAfter({ settings }: StatusView): readonly UnusedFor[] {
  return settings.unusedAfter.map(({ text, milliseconds }) => ({
    unusedFor: text,
    seconds: milliseconds / SECOND,
  }));
}

/** Reads a duration such as `90d`; undefined for any other text, and for no time at all. */
export function parseUnusedFor(text: string): UnusedFor | undefined {
  const seconds = (parseDuration(text) ?? 0) / SECOND;
  return seconds > 0 ? { unusedFor: text, seconds } : undefined;
}

/** The longest of the times; undefined when there is none. */
export function longest<Time extends { readonly seconds: number }>(
  times: readonly Time[],
): Time | undefined {
  return times.reduce<Time | undefined>(
    (longer, time) => (longer && longer.seconds >= time.seconds ? longer : time),
    undefined,
  );
}

export function unusedUsers(
  { online, presence }: VisibleInstance,
  times: readonly UnusedFor[],
): readonly UnusedUsers[] {
  return times.map((time) => ({ ...time, users: online && presence.unusedUsers(time.seconds) }));
}

const UNKNOWN = 'It is not known who is online, so nothing can be called unused.';

/** Why it cannot be told who is unused for so long; undefined when it can be told. */
export function whyNotUnused(
  { online, presence }: VisibleInstance,
  time: UnusedFor,
  now: number,
): string | undefined {
  return online ? whyNotWatched(presence, time, now) : UNKNOWN;
}

/** Why it cannot be told from what is recorded who is unused for so long; undefined when it can be told. */
export function whyNotWatched(
  presence: Presence,
  { seconds }: UnusedFor,
  now: number,
): string | undefined {
  const { watchedSince: since } = presence;
  if (since === undefined) return UNKNOWN;
  if (presence.unusedTest(seconds)) return undefined;
  const watched = presence.watchedFor(now);
  const hasGaps = watched < seconds && now - since >= seconds;
  const from = `${minuteOf(isoTime(since) ?? '')} UTC`;
  const consequence = `so nothing can be called unused for ${duration(seconds)} yet`;
  return hasGaps
    ? `The instance has been watched since ${from}, but for only ${duration(Math.floor(watched))} of that time, ${consequence}.`
    : `The instance has been watched only since ${from}, ${consequence}.`;
}
