import { GZIP_HEADER, gzipTrailer, type Segment } from '../../src/metrics/exposition/segment.ts';

/** Joins deflate segments to one complete gzip member. */
export function gzipMember(segments: readonly Segment[]): Buffer {
  const deflated = segments.map((segment) => segment.deflated);
  return Buffer.concat([GZIP_HEADER, ...deflated, ...gzipTrailer(segments)]);
}
