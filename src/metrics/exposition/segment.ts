import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import pLimit from 'p-limit';
import { combineCrc32, crcShift } from './crc32.ts';
import { ownCopy } from './text-bytes.ts';

/** Sums of a text, from which the trailer of a gzip member is computed. */
export interface SegmentSums {
  /** Of the text. */
  readonly crc: number;
  /** Of the text, in bytes. */
  readonly length: number;
  /** How the CRC of what stands before it is shifted by that: what is kept is combined at every scrape. */
  readonly shift: number;
}

/**
 * A stretch of text, deflated, that may stand anywhere in a gzip member: it begins on a byte, refers to
 * nothing before it and does not end the stream.
 */
export interface Segment extends SegmentSums {
  readonly deflated: Uint8Array;
}

/** As many as zlib's thread pool has threads by default; each holds a quarter of a megabyte meanwhile. */
const AT_ONCE = pLimit(4);
const deflateOffThread = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** Level 6 makes sample lines 3 % smaller than level 1, and takes three times as long. */
const OPTIONS = { level: 1, finishFlush: constants.Z_FULL_FLUSH } as const;

/** Bytes that are deflated sooner, a tenth of a millisecond, than another thread is called. */
const SMALL = 16 * 1024;

/** Deflates, in zlib's thread pool when that is worth it. */
export async function deflated(text: Uint8Array): Promise<Segment> {
  const result =
    text.byteLength <= SMALL
      ? deflateRawSync(text, OPTIONS)
      : await AT_ONCE(() => deflateOffThread(text, OPTIONS));
  const length = text.byteLength;
  return { deflated: ownCopy(result), crc: crc32(text), length, shift: crcShift(length) };
}

/** One segment of several; in another piece of memory, unless it was one. */
export function joined(segments: readonly Segment[]): Segment {
  const [only, ...more] = segments;
  if (only && more.length === 0) return only;
  const deflated = Buffer.concat(segments.map((segment) => segment.deflated));
  const { crc, length } = sumOf(segments);
  return { deflated, crc, length, shift: crcShift(length) };
}

function sumOf(segments: readonly SegmentSums[]): { crc: number; length: number } {
  let crc = 0;
  let length = 0;
  for (const segment of segments) {
    crc = combineCrc32(crc, segment.crc, segment.shift);
    length += segment.length;
  }
  return { crc, length };
}

/** What a gzip member begins with (RFC 1952, section 2.3): no name, no time, fastest algorithm, unknown system. */
export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff);
/** An empty last block with fixed codes (RFC 1951, section 3.2.3). */
const FINAL_BLOCK = Uint8Array.of(3, 0);
const LENGTHS = 2 ** 32;

/** What a gzip member of these segments, which every reader reads whole, ends with. */
export function gzipTrailer(segments: readonly SegmentSums[]): readonly Uint8Array[] {
  const { crc, length } = sumOf(segments);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % LENGTHS, 4);
  return [FINAL_BLOCK, trailer];
}
