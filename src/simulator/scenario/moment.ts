import { DAY } from '../../clock.ts';
import { DURATION, parseDuration } from '../../input/duration.ts';
import { text } from '../../input/values.ts';
import { readTimeOfDay, TIME_OF_DAY } from '../control/values.ts';

/** When something happens, once the beginning of the scenario is known (both in world time). */
export type Moment = (start: number) => number;

const AT = new RegExp(`${DURATION.source}|${TIME_OF_DAY.source}`);

/** A time after the beginning, or a time of the day: the first such from the beginning on. */
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

/** A time of the day, perhaps of a date; without one it is that of the clock, in UTC. */
export function startOfWorld() {
  const error = 'a date and time such as "2026-03-02 06:00", or a time of the day such as "06:00"';
  return text(error, START).transform((written, context): Moment => {
    const [, date, time = ''] = START.exec(written) ?? [];
    const sinceMidnight = readTimeOfDay(time);
    if (date === undefined) return (wall) => Math.floor(wall / DAY) * DAY + sinceMidnight;
    const day = Date.parse(`${date}T00:00:00Z`);
    // Some parsers take 30 February for 2 March.
    if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(date)) {
      return () => day + sinceMidnight;
    }
    context.addIssue({ code: 'custom', message: error });
    return () => 0;
  });
}
