import type { Declaration } from '../metric.ts';
import { helpText, quotable } from './escapes.ts';

/**
 * The formats of a scrape: Prometheus text 0.0.4 and OpenMetrics text 1.0.0. Sample lines are the same in
 * both formats, except the bounds of buckets.
 */
export const FORMATS = ['text', 'openmetrics'] as const;
export type Format = (typeof FORMATS)[number];

export type Encoding = 'identity' | 'gzip';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The last line of an exposition. */
export const ENDS: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' };

export function familyHeader({ name, help, type }: Declaration, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
  const family = openMetricsName(name, type);
  return `# HELP ${family} ${quotable(help)}\n# TYPE ${family} ${type}\n`;
}

const FAMILY_HEADER = /^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm;
/**
 * A whole bucket bound, such as `le="5"`; OpenMetrics requires `5.0` ("Canonical Numbers"). prom-client writes
 * `le` as the first label, the fleet's histograms have it last. A label value cannot contain it, because quotes
 * in values are escaped.
 */
const WHOLE_BOUND = /(?<=^\w+_bucket\{(?:.*,)?le="\d+)(?=")/gm;
const BLANK_LINES = /\n{2,}/g;

/**
 * Converts prom-client's text to OpenMetrics, without the last line. prom-client can write OpenMetrics
 * itself, but doing so renames its counters for all later scrapes, in every format (15.1.3:
 * `metric.name = standardizeCounterName(…)`).
 */
export function asOpenMetrics(text: string): string {
  return text
    .replace(FAMILY_HEADER, (_, name: string, help: string, type: string) => {
      const family = openMetricsName(name, type);
      return `# HELP ${family} ${help.replaceAll('"', '\\"')}\n# TYPE ${family} ${type}`;
    })
    .replace(WHOLE_BOUND, '.0')
    .replace(BLANK_LINES, '\n');
}

/** Writes the bounds of buckets as OpenMetrics requires. The other lines stay as they are. */
export function withCanonicalBounds(lines: string): string {
  return lines.replace(WHOLE_BOUND, '.0');
}

/** OpenMetrics names a family of counters without `_total`; only the samples have it. */
function openMetricsName(name: string, type: string): string {
  return type === 'counter' ? name.replace(/_total$/, '') : name;
}
