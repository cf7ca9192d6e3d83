import { DAY, SECOND } from '../../clock.ts';
import type { LocalZone } from './local-zone.ts';

const TIME_EXPECTED =
  'a time as in RFC 3339 such as 2026-11-28T14:30:00Z, or a local one such as 2026-11-28 or "2026-11-28 14:30"';

/** A text is no time. The message tells what was expected and found, to follow the name of the flag. */
export class InvalidTimeError extends Error {
  override readonly name = 'InvalidTimeError';
}

const DATE = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const CLOCK = String.raw`(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?`;
const TIME = new RegExp(`^${DATE}(?:[Tt ]${CLOCK}(?: ?([Zz]|[+-]\\d\\d:\\d\\d))?)?$`);

/**
 * Reads a time. One with an offset or `Z` is that moment; any other is in local time. A date alone is the first
 * moment of the local day, or with `end` its last.
 *
 * @returns milliseconds since the epoch
 * @throws InvalidTimeError also for a local time that does not exist, or exists twice
 */
export function parseTime(
  text: string,
  zone: LocalZone,
  dateAlone: 'start' | 'end' = 'start',
): number {
  const [whole, year, month, day, hours, minutes, seconds = '0', offset] =
    TIME.exec(text.trim()) ?? [];
  if (whole === undefined)
    throw new InvalidTimeError(`expected ${TIME_EXPECTED}; got ${JSON.stringify(text)}`);
  const midnight = dayOf([year, month, day].map(Number));
  const timeOfDay = hours === undefined ? 0 : msOf(Number(hours), Number(minutes), Number(seconds));
  if (midnight === undefined || timeOfDay === undefined) {
    throw new InvalidTimeError(`expected a time that exists; got ${JSON.stringify(text)}`);
  }
  if (hours === undefined) {
    return dateAlone === 'start' ? zone.startOfDay(midnight) : zone.startOfDay(midnight + DAY) - 1;
  }
  const wall = midnight + timeOfDay;
  return offset === undefined ? localMoment(text, wall, zone) : wall - offsetOf(offset);
}

/** Midnight of the day in UTC; undefined for a day that no calendar has. */
function dayOf([year = 0, month = 0, day = 0]: readonly number[]): number | undefined {
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? midnight : undefined;
}

function msOf(hours: number, minutes: number, seconds: number): number | undefined {
  if (hours > 23 || minutes > 59 || seconds >= 60) return undefined;
  return (hours * 60 + minutes) * 60 * SECOND + Math.floor(seconds * SECOND);
}

function offsetOf(text: string): number {
  if (/z/i.test(text)) return 0;
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number);
  const size = (hours * 60 + minutes) * 60 * SECOND;
  return text.startsWith('-') ? -size : size;
}

function localMoment(text: string, wall: number, zone: LocalZone): number {
  const [moment, second] = zone.momentsOf(wall);
  const got = JSON.stringify(text);
  if (moment === undefined) {
    throw new InvalidTimeError(
      `expected a time that exists in ${zone.name}; got ${got}, when clocks were set forward`,
    );
  }
  if (second !== undefined) {
    const choices = [moment, second].map((each) => `"${zone.format(each)}"`).join(' or ');
    throw new InvalidTimeError(
      `expected ${choices}; got ${got}, which clocks in ${zone.name} showed twice`,
    );
  }
  return moment;
}
