import { parse } from 'content-type';
import type { Format } from '../../metrics/exposition/format.ts';

const OPENMETRICS = 'application/openmetrics-text';
/** The versions that what we write is valid for. */
const VERSIONS: Readonly<Record<Format, readonly string[]>> = {
  openmetrics: ['1.0.0', '0.0.1'],
  text: ['0.0.4'],
};
/** Ranges that mean text, the more exact first. */
const TEXT_RANGES = ['text/plain', 'text/*', '*/*'];

interface Range {
  readonly type: string;
  readonly version: string | undefined;
  /** From 0, not wanted, to 1. */
  readonly quality: number;
}

/**
 * The format to answer in: OpenMetrics when it is named and not liked less than text; text else, even
 * when it was not asked for, since a scrape is better read than refused.
 */
export function formatFor(accept: string | undefined): Format {
  if (accept === undefined) return 'text';
  const ranges = rangesOf(accept);
  const openMetrics = qualityOf('openmetrics', [OPENMETRICS], ranges);
  return openMetrics > 0 && openMetrics >= qualityOf('text', TEXT_RANGES, ranges)
    ? 'openmetrics'
    : 'text';
}

/** As the most exact of the ranges that fit says. */
function qualityOf(format: Format, types: readonly string[], ranges: readonly Range[]): number {
  for (const type of types) {
    const fitting = ranges.filter(
      (range) =>
        range.type === type &&
        (range.version === undefined || VERSIONS[format].includes(range.version)),
    );
    if (fitting.length > 0) return Math.max(...fitting.map(({ quality }) => quality));
  }
  return 0;
}

/** What cannot be read asks for nothing. */
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
