import type { Declaration } from '../metric.ts';
import { quotable } from './lines.ts';

/** The formats a scrape may have: Prometheus text 0.0.4, or OpenMetrics text 1.0.0. Sample lines are the same in both. */
export const FORMATS = ['text', 'openmetrics'] as const;
export type Format = (typeof FORMATS)[number];

/** How the body of a scrape is written. */
export type Encoding = 'identity' | 'gzip';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** What ends an exposition. */
export const ENDS: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' };

/** What stands before the samples of a family. */
export function familyHeader({ name, help, type }: Declaration, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
  const family = openMetricsName(name, type);
  return `# HELP ${family} ${quotable(help)}\n# TYPE ${family} ${type}\n`;
}

/** Escapes a help text for the text format, which leaves quotes as they are, unlike OpenMetrics. */
function helpText(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

const FAMILY_HEADER = /^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm;
/** A bucket's bound without a point, which OpenMetrics wants ("Canonical Numbers"); the first label there. */
const WHOLE_BOUND = /^(\w+_bucket\{le="\d+)(?=")/gm;
const BLANK_LINES = /\n{2,}/g;

/**
 * Text of prom-client in OpenMetrics, without its end. It could write that itself, but renames its
 * counters as it does (15.1.3: `metric.name = standardizeCounterName(…)`), in every format from then on.
 */
export function asOpenMetrics(text: string): string {
  return text
    .replace(FAMILY_HEADER, (_, name: string, help: string, type: string) => {
      const family = openMetricsName(name, type);
      return `# HELP ${family} ${help.replaceAll('"', '\\"')}\n# TYPE ${family} ${type}`;
    })
    .replace(WHOLE_BOUND, '$1.0')
    .replace(BLANK_LINES, '\n');
}

/** OpenMetrics names a counter without `_total`, which only its samples have. */
function openMetricsName(name: string, type: string): string {
  return type === 'counter' ? name.replace(/_total$/, '') : name;
}
