import { SECOND } from '../../clock.ts';
import type { InstanceRecord } from '../../fleet/fleet.ts';
import type { Presence, UserPresence } from '../../fleet/presence.ts';
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
export function unusedAfter(_view: StatusView): readonly UnusedFor[] {
  return ['30d', '90d'].flatMap((text) => parseUnusedFor(text) ?? []);
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
  return times.toSorted((a, b) => b.seconds - a.seconds)[0];
}

/** What is recorded of when users were online. */
export interface Watch {
  readonly presence: Presence;
  readonly users: ReadonlyMap<string, Readonly<UserPresence>>;
}

/** Absent while it is not known who is online. */
export function watchOf(record: InstanceRecord, { online }: VisibleInstance): Watch | undefined {
  const { presence } = record;
  return online && { presence, users: new Map(presence.data?.users ?? []) };
}

export function unusedUsers(
  { presence }: InstanceRecord,
  { online }: VisibleInstance,
  times: readonly UnusedFor[],
  now: number,
): readonly UnusedUsers[] {
  return times.map((time) => ({
    ...time,
    users: online && presence.unusedUsers(time.seconds, now),
  }));
}

/** Why it cannot be told who is unused for so long; undefined when it can be told. */
export function whyNotUnused(
  presence: Presence | undefined,
  { seconds }: UnusedFor,
  now: number,
): string | undefined {
  const since = presence?.watchedSince;
  if (presence === undefined || since === undefined) {
    return 'It is not known who is online, so nothing can be called unused.';
  }
  const watched = presence.watchedFor(now);
  if (watched >= seconds) return undefined;
  const from = `${minuteOf(isoTime(since) ?? '')} UTC`;
  const consequence = `so nothing can be called unused for ${duration(seconds)} yet`;
  return now - since < seconds
    ? `The instance has been watched only since ${from}, ${consequence}.`
    : `The instance has been watched since ${from}, but for only ${duration(Math.floor(watched))} of that time, ${consequence}.`;
}
