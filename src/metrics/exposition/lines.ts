import type { Sample } from '../metric.ts';
import { labelValue, sampleValue } from './escape.ts';

/** The labels that have a value, as they stand between the braces. */
export function labelPairs(names: readonly string[], values: readonly string[]): string {
  let pairs = '';
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value === undefined) break;
    pairs += `${index > 0 ? ',' : ''}${name}="${labelValue(value)}"`;
  }
  return pairs;
}

/** A sample's line up to its value. @param scope its scope's labels, as labelPairs gives them */
export function linePrefix(name: string, scope: string, own: Sample['labels']): string {
  let labels = scope;
  for (const label in own) labels += `,${label}="${labelValue(own[label] ?? '')}"`;
  return `${name}{${labels}} `;
}

/** A sample's line, its end included. */
export function sampleLine(name: string, scope: string, { labels, value }: Sample): string {
  return `${linePrefix(name, scope, labels)}${sampleValue(value)}\n`;
}
