import { TIME_UNITS } from '../clock.ts';

const { d, h, m, s, ms } = TIME_UNITS;
/** Milliseconds in each unit, in the order in which a duration names them. */
const UNITS = Object.entries({ d, h, m, s, ms });

/** A duration as it is written: whole numbers with units from large to small, such as `1h30m`. */
export const DURATION = new RegExp(
  `^(?=.)${UNITS.map(([letters]) => `(?:(\\d+)${letters})?`).join('')}$`,
);

/** Milliseconds of a duration such as `30s`, `1h30m` or `500ms`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const counts = DURATION.exec(text)?.slice(1);
  const sum = counts?.reduce(
    (total, count, i) => total + Number(count ?? 0) * (UNITS[i]?.[1] ?? 0),
    0,
  );
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** Writes a whole number of milliseconds as a configuration would: the inverse of {@link parseDuration}. */
export function formatDuration(milliseconds: number): string {
  let left = milliseconds;
  let text = '';
  for (const [letters, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${letters}`;
  }
  return text || '0s';
}

/** Units of two letters come first, so that the pattern does not take the `m` of `ms` for minutes. */
const GO_UNITS = new Map(
  Object.entries({ ms, us: TIME_UNITS.us, µs: TIME_UNITS.us, ns: TIME_UNITS.ns, h, m, s }),
);
const GO_TERM = new RegExp(`(\\d+(?:\\.\\d+)?)(${[...GO_UNITS.keys()].join('|')})`, 'g');
const GO_DURATION = new RegExp(`^(?:0|(?:${GO_TERM.source})+)$`);

/** Milliseconds of a duration as Go writes it, such as `1.5s`, `1m30s` or `0`; undefined for any other text. */
export function parseGoDuration(text: string): number | undefined {
  if (!GO_DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, count, letters = ''] of text.matchAll(GO_TERM)) {
    sum += Number(count) * (GO_UNITS.get(letters) ?? 0);
  }
  return sum;
}
