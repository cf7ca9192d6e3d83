import type { Declaration, HistogramLine } from '../metric.ts';
import type { Labels } from '../scopes.ts';
import { quotable } from './escapes.ts';

/**
 * Writes labels as they stand between the braces.
 *
 * @param names the order of the labels
 */
export function labelText(names: readonly string[], labels: Labels): string {
  let text = '';
  for (const name of names) {
    text += `${text === '' ? '' : ','}${name}="${quotable(labels[name] ?? '')}"`;
  }
  return text;
}

/**
 * The line of a sample up to its value.
 *
 * @param scopeText the labels of the metric's scope, as labelText writes them
 * @param line which line of a histogram it is; absent for other metrics
 */
export function linePrefix(
  metric: Declaration,
  ownLabels: Labels,
  scopeText: string,
  line?: HistogramLine,
): string {
  let text = scopeText;
  for (const name in metric.labels) text += `,${name}="${quotable(ownLabels[name] ?? '')}"`;
  if (line === undefined) return `${metric.name}{${text}} `;
  if ('le' in line) text += `,le="${line.le}"`;
  return `${metric.name}${line.suffix}{${text}} `;
}

export function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
