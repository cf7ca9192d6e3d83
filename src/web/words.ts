import { DAY, HOUR, MINUTE, SECOND } from '../clock.ts';

/** Created on first use, because creating it takes longer than rendering a page. */
let figures: Intl.NumberFormat | undefined;

/** Formats a number, for example 12,345.6. */
export function figure(value: number): string {
  figures ??= new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
  return figures.format(value);
}

/** Writes a count and its noun, for example "1 instance" or "2 instances". */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${figure(count)} ${count === 1 ? singular : plural}`;

/** A duration in its two largest units, for example "2 h 5 min". @param seconds a whole number */
export function duration(seconds: number): string {
  const ms = seconds * SECOND;
  if (ms < MINUTE) return `${Math.round(seconds)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  const [large, small, unit, rest] = ms < DAY ? [HOUR, MINUTE, 'h', 'min'] : [DAY, HOUR, 'd', 'h'];
  const left = Math.floor((ms % large) / small);
  return `${figure(Math.floor(ms / large))} ${unit}${left > 0 ? ` ${left} ${rest}` : ''}`;
}

/** Rounds down, so that a value below a threshold is never shown as the threshold. */
export const percent = (ratio: number): string =>
  `${figure(Math.floor(ratio * 1000 + 1e-6) / 10)} %`;

/** Shows bytes per second as bits per second, the unit in which the cloud sells bandwidth. */
export const bandwidth = (bytesPerSecond: number): string =>
  scaled(bytesPerSecond * 8, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);

export const bytes = (count: number): string => scaled(count, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);

function scaled(value: number, units: readonly string[]): string {
  if (value === 0) return '0';
  let [scaledValue, unit] = [value, 0];
  while (Math.abs(scaledValue) >= 1000 && unit < units.length - 1) {
    scaledValue /= 1000;
    unit++;
  }
  return `${figure(scaledValue)} ${units[unit]}`;
}

/** Shortens an ISO time to "2026-11-25 08:12". */
export const minuteOf = (isoTime: string): string => isoTime.slice(0, 16).replace('T', ' ');
