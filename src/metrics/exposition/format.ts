import type { Declaration } from '../metric.ts';
import { helpText, quotedHelpText } from './escape.ts';

/** The formats a scrape may have: Prometheus text 0.0.4, or OpenMetrics text 1.0.0. Sample lines are the same in both. */
export const FORMATS = ['text', 'openmetrics'] as const;
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** What ends an exposition. */
export const ENDS: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' };

/** What stands before the samples of a family. OpenMetrics names a counter without `_total`. */
export function familyHeader({ name, help, type }: Declaration, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${helpText(help)}\n# TYPE ${name} ${type}\n`;
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  return `# HELP ${family} ${quotedHelpText(help)}\n# TYPE ${family} ${type}\n`;
}
