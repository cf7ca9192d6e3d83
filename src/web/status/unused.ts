import { SECOND } from '../../clock.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import { parseDuration } from '../../input/duration.ts';
import type { StatusView } from './sources.ts';

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
