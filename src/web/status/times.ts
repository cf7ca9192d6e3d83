import { SECOND } from '../../clock.ts';

/** Last moment a date can hold, in seconds either way of the epoch. */
const FURTHEST = 8.64e12;

/** A moment in seconds since the epoch as ISO 8601, to the second; absent when no date can hold it. */
export function isoTime(seconds: number | undefined): string | undefined {
  if (seconds === undefined || !(Math.abs(seconds) <= FURTHEST)) return undefined;
  return new Date(Math.floor(seconds) * SECOND).toISOString().replace('.000Z', 'Z');
}

/** Whole seconds since a moment; other clocks may be ahead of ours. */
export function ageOf(moment: number | undefined, now: number): number | undefined {
  return moment === undefined ? undefined : Math.max(0, Math.round(now - moment));
}
