type Step = readonly [from: number, divisor: number, name: string];

const SECONDS: readonly Step[] = [
  [365 * 86400, 365 * 86400, ' years'],
  [7 * 86400, 7 * 86400, ' weeks'],
  [86400, 86400, ' days'],
  [3600, 3600, ' hours'],
  [60, 60, ' mins'],
  [1, 1, ' s'],
  [0, 0.001, ' ms'],
];
const thousands = (base: number, names: readonly string[]): readonly Step[] =>
  names
    .map((name, power): Step => [power === 0 ? 0 : base ** power, base ** power, name])
    .reverse();
const COUNT = thousands(1000, ['', ' K', ' Mil']);
const BITS = thousands(1000, [' b/s', ' kb/s', ' Mb/s', ' Gb/s']);
const BYTES = thousands(1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);

/**
 * A value as Grafana writes it in a unit of the dashboards.
 *
 * @param decimals as the panel sets them; by default three digits that count
 */
export function written(value: number, unit: string, decimals?: number): string {
  if (!Number.isFinite(value)) return String(value);
  switch (unit) {
    case 's':
      return scaled(value, SECONDS, decimals);
    case 'percentunit':
      return `${digits(value * 100, decimals)}%`;
    case 'bps':
      return scaled(value, BITS, decimals);
    case 'bytes':
      return scaled(value, BYTES, decimals);
    case 'reqps':
      return `${scaled(value, COUNT, decimals)} req/s`;
    case 'cpm':
      return `${scaled(value, COUNT, decimals)} cpm`;
    case 'short':
      return scaled(value, COUNT, decimals);
    case 'none':
      return digits(value, decimals);
    case 'dateTimeAsIso':
      return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
    default:
      throw new Error(`No way to write the unit ${unit}: add it to scripts/previews/units.ts`);
  }
}

function scaled(value: number, steps: readonly Step[], decimals: number | undefined): string {
  if (value === 0) return `0${steps.find(([from]) => from <= 1)?.[2] ?? ''}`;
  const size = Math.abs(value);
  const [, divisor, name] = steps.find(([from]) => size >= from) ?? [0, 1, ''];
  return `${digits(value / divisor, decimals)}${name}`;
}

function digits(value: number, decimals: number | undefined): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  return String(Number(value.toFixed(Math.max(0, 3 - whole))));
}
