import { SECOND } from '../../clock.ts';

/** The largest time that a Date can hold, in seconds before or after the epoch. */
const FURTHEST = 8.64e12;

/** Formats seconds since the epoch as ISO 8601, without milliseconds. Undefined when a Date cannot hold the time. */
export function isoTime(seconds: number | undefined): string | undefined {
  if (seconds === undefined || !(Math.abs(seconds) <= FURTHEST)) return undefined;
  return new Date(Math.floor(seconds) * SECOND).toISOString().replace('.000Z', 'Z');
}

/** Shortens an ISO time to "2026-11-25 08:12". */
export const minuteOf = (isoTime: string): string => isoTime.slice(0, 16).replace('T', ' ');

/** Whole seconds since a time. At least 0, because the clock that set the time may be ahead of ours. */
export function ageOf(moment: number | undefined, now: number): number | undefined {
  return moment === undefined ? undefined : Math.max(0, Math.round(now - moment));
}
