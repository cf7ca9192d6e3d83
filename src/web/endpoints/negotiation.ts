import { parse } from 'content-type';
import type { Format } from '../../metrics/exposition/format.ts';

const OPENMETRICS = 'application/openmetrics-text';
/** The exporter's output is valid in each of these versions. */
const VERSIONS: Readonly<Record<Format, readonly string[]>> = {
  openmetrics: ['1.0.0', '0.0.1'],
  text: ['0.0.4'],
};
/** Media ranges that include the text format, the most specific first. */
const TEXT_RANGES = ['text/plain', 'text/*', '*/*'];

interface Range {
  readonly type: string;
  readonly version: string | undefined;
  /** From 0 (not acceptable) to 1. */
  readonly quality: number;
}

/**
 * Chooses OpenMetrics when the header names it with a quality that is at least that of text, else text. Text is
 * the answer even when the header excludes it: an unexpected format is better than a refused scrape.
 */
export function formatFor(accept: string | undefined): Format {
  if (accept === undefined) return 'text';
  const ranges = rangesOf(accept);
  const openMetrics = qualityOf('openmetrics', [OPENMETRICS], ranges);
  return openMetrics > 0 && openMetrics >= qualityOf('text', TEXT_RANGES, ranges)
    ? 'openmetrics'
    : 'text';
}

/** The quality of the most specific range that matches; 0 when no range matches. */
function qualityOf(format: Format, types: readonly string[], ranges: readonly Range[]): number {
  for (const type of types) {
    const matching = ranges.filter(
      (range) =>
        range.type === type &&
        (range.version === undefined || VERSIONS[format].includes(range.version)),
    );
    if (matching.length > 0) return Math.max(...matching.map(({ quality }) => quality));
  }
  return 0;
}

/** Ranges with an invalid quality are ignored. */
function rangesOf(accept: string): readonly Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < accept.length; ) {
    const { type, parameters, index } = parse(accept, { comma: true, start });
    start = index + 1;
    const quality = Number(parameters['q'] ?? 1);
    if (quality >= 0 && quality <= 1) {
      ranges.push({ type, version: parameters['version'], quality });
    }
  }
  return ranges;
}
