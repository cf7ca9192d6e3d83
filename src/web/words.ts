const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Made for the first page: that takes longer than a page. */
let figures: Intl.NumberFormat | undefined;

/** A number as people write it: 12,345.6. */
export function figure(value: number): string {
  figures ??= new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
  return figures.format(value);
}

/** "1 instance", "2 instances". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${figure(count)} ${count === 1 ? one : many}`;

/** A time in its two largest units. @param seconds whole */
export function duration(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  const [large, small, unit, rest] =
    seconds < DAY ? [HOUR, MINUTE, 'h', 'min'] : [DAY, HOUR, 'd', 'h'];
  const left = Math.floor((seconds % large) / small);
  return `${figure(Math.floor(seconds / large))} ${unit}${left > 0 ? ` ${left} ${rest}` : ''}`;
}

/** Rounded down, so that what is below a threshold never looks as if it were at it. */
export const percent = (ratio: number): string =>
  `${figure(Math.floor(ratio * 1000 + 1e-6) / 10)} %`;

/** Bytes per second in the unit that the cloud sells: bits. */
export const bandwidth = (bytesPerSecond: number): string =>
  scaled(bytesPerSecond * 8, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);

export const bytes = (count: number): string => scaled(count, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);

function scaled(value: number, units: readonly string[]): string {
  if (value === 0) return '0';
  let [left, at] = [value, 0];
  while (Math.abs(left) >= 1000 && at < units.length - 1) {
    left /= 1000;
    at++;
  }
  return `${figure(left)} ${units[at]}`;
}

/** "2026-11-25 08:12" of an ISO time, for people. */
export const minuteOf = (isoTime: string): string => isoTime.slice(0, 16).replace('T', ' ');
