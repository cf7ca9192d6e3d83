import { DAY } from '../../clock.ts';
import { DURATION, parseDuration } from '../../input/duration.ts';
import { text } from '../../input/values.ts';
import { readTimeOfDay, TIME_OF_DAY } from '../control/values.ts';

/** Gives the time of an event, once the start of the scenario is known. Both are world time. */
export type Moment = (start: number) => number;

const AT = new RegExp(`${DURATION.source}|${TIME_OF_DAY.source}`);

/**
 * Reads a time after the start, or a time of the day. A time of the day means its first occurrence from the
 * start on.
 */
export function moment() {
  return text('a time after the start such as 90m, or of the day such as "09:30"', AT).transform(
    (written): Moment => {
      const offset = parseDuration(written);
      if (offset !== undefined) return (start) => start + offset;
      const time = readTimeOfDay(written);
      return (start) => start + ((((time - start) % DAY) + DAY) % DAY);
    },
  );
}

const START = /^(?:(\d{4}-\d{2}-\d{2})[ T])?((?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Reads a date and time, or a time of the day. Without a date it is the clock's date, in UTC. */
export function startOfWorld() {
  const error = 'a date and time such as "2026-03-02 06:00", or a time of the day such as "06:00"';
  return text(error, START).transform((written, context): Moment => {
    const [, date, time = ''] = START.exec(written) ?? [];
    const sinceMidnight = readTimeOfDay(time);
    if (date === undefined) return (wall) => Math.floor(wall / DAY) * DAY + sinceMidnight;
    const day = Date.parse(`${date}T00:00:00Z`);
    // Date.parse may read 30 February as 2 March.
    if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(date)) {
      return () => day + sinceMidnight;
    }
    context.addIssue({ code: 'custom', message: error });
    return () => 0;
  });
}
