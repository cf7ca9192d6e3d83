/*
 * The report shows these fields of the API not only by type but by kind. Each kind comes from a closed
 * list, so that no value of the account gets into the report.
 */

/** HardwareVersion may be any text, so only these values are shown. */
const HARDWARE_VERSIONS = ['sag-software', 'sag-100wm', 'sag-1000', 'sag-vcpe'] as const;

export function hardwareVersionKind(value: unknown): string {
  if (value === undefined) return 'absent';
  return HARDWARE_VERSIONS.find((known) => known === value) ?? 'other';
}

/** The form of MaxBandwidth, with 9 in place of any number but 0. */
export function bandwidthKind(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'number') return value === 0 ? 'the number 0' : 'a number';
  if (typeof value !== 'string') return 'other';
  const form = value.replace(/\d+(?:\.\d+)?/, (digits) => (Number(digits) === 0 ? '0' : '9'));
  return ['9M', '0M', '9 M', '0 M', '9Mbps', '0Mbps', '9', '0', ''].includes(form)
    ? `"${form}"`
    : 'other';
}

/**
 * Tells seconds from milliseconds by the number of digits: since 2001, seconds have ten digits and
 * milliseconds thirteen.
 */
export function timeKind(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === '') return 'empty text';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'ISO text';
  const number = typeof value === 'string' && !/^\d+$/.test(value) ? Number.NaN : Number(value);
  const form = typeof value === 'string' ? ' as text' : '';
  if (number === 0) return `0${form}`;
  if (number >= 1e9 && number < 1e11) return `seconds${form}`;
  return number >= 1e12 && number < 1e14 ? `milliseconds${form}` : 'other';
}

/** A time in milliseconds; undefined for a value of unknown form. */
export function millisecondsOf(value: unknown): number | undefined {
  const kind = timeKind(value);
  if (kind === 'ISO text') return Date.parse(String(value));
  if (kind.startsWith('seconds')) return Number(value) * 1000;
  return kind.startsWith('milliseconds') ? Number(value) : undefined;
}

/** Words in LocalName that mark a region as closed or not open to customers. */
const REGION_MARKS = [
  '关停',
  '内部',
  '测试',
  'closed',
  'decommission',
  'internal',
  'test',
] as const;

export function marksOf(localName: unknown): readonly string[] {
  const name = typeof localName === 'string' ? localName.toLowerCase() : '';
  return REGION_MARKS.filter((mark) => name.includes(mark));
}

export const looksLikeMail = (name: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(name);
