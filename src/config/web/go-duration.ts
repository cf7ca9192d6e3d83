import { z } from 'zod';
import { HOUR, MINUTE, SECOND } from '../../clock.ts';

/** Milliseconds in each unit of Go's durations. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

const TERM = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;
const DURATION = new RegExp(`^(?:${TERM.source})+$`);

/** A duration as Go writes it (`1.5s`, `1m30s`, or 0), parsed into milliseconds. */
export function goDuration() {
  const error = 'a duration such as 500ms or 1s, or 0';
  return z
    .union([z.literal(0), z.string()], { error })
    .refine((value) => value === 0 || value === '0' || DURATION.test(value), { error })
    .transform((value) => {
      let ms = 0;
      for (const [, count, unit = ''] of String(value).matchAll(TERM)) {
        ms += Number(count) * (UNITS[unit] ?? 0);
      }
      return ms;
    });
}
