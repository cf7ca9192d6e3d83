import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts';

/** Milliseconds in each unit, in the order in which a duration names them. */
const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
] as const;

/** A duration as it is written: whole numbers with units from large to small, such as `1h30m`. */
export const DURATION = new RegExp(
  `^(?=.)${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`,
);

/** Milliseconds of a duration such as `30s`, `1h30m` or `500ms`; undefined when `text` is none. */
export function parseDuration(text: string): number | undefined {
  const counts = DURATION.exec(text)?.slice(1);
  const ms = counts?.reduce((sum, count, i) => sum + Number(count ?? 0) * (UNITS[i]?.[1] ?? 0), 0);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** A whole number of milliseconds the way a configuration would write it: the inverse of {@link parseDuration}. */
export function formatDuration(ms: number): string {
  let left = ms;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text || '0s';
}
