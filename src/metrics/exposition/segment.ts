import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import pLimit from 'p-limit';
import { combineCrc32, crcShift } from './crc32.ts';
import { ownCopy } from './text-bytes.ts';

/** Checksum and length of a text. The trailer of a gzip member is computed from those of its segments. */
export interface SegmentSums {
  readonly crc: number;
  /** Length of the text in bytes. */
  readonly length: number;
  /** `crcShift(length)`, kept because every scrape needs it and it is slow to compute. */
  readonly shift: number;
}

/**
 * A deflated text that can stand anywhere in a gzip member: it begins on a byte boundary, has no matches with
 * the text before it and does not end the stream.
 */
export interface Segment extends SegmentSums {
  readonly deflated: Uint8Array;
}

/** Node.js deflates in a pool of 4 threads by default. A running call holds a quarter of a megabyte. */
const AT_ONCE = pLimit(4);
const deflateOffThread = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** Level 6 would make sample lines 3 % smaller than level 1, and take three times as long. */
const OPTIONS = { level: 1, finishFlush: constants.Z_FULL_FLUSH } as const;

/** Deflating up to this many bytes takes a tenth of a millisecond, less than passing the text to a thread. */
const SMALL = 16 * 1024;
/** A window of 16 KiB holds a whole small text. zlib sets it up faster than its usual window of 32 KiB. */
const SMALL_OPTIONS = { ...OPTIONS, windowBits: 14 } as const;

/** Deflates a text, in the thread pool unless the text is small. */
export async function deflated(text: Uint8Array): Promise<Segment> {
  const result =
    text.byteLength <= SMALL
      ? deflateRawSync(text, SMALL_OPTIONS)
      : await AT_ONCE(() => deflateOffThread(text, OPTIONS));
  const length = text.byteLength;
  return { deflated: ownCopy(result), crc: crc32(text), length, shift: crcShift(length) };
}

/** Joins segments into one. A single segment is returned as it is, several are copied. */
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

/** The header of a gzip member (RFC 1952, section 2.3): no name, no time, fastest algorithm, unknown system. */
export const GZIP_HEADER: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff);
/** An empty last block with fixed codes (RFC 1951, section 3.2.3). */
const FINAL_BLOCK = Uint8Array.of(3, 0);
/** The trailer holds the length modulo this number. */
const LENGTH_MODULUS = 2 ** 32;

/**
 * The end of a gzip member that consists of these segments. An answer is a single member, since browsers and
 * curl stop reading after the first one.
 */
export function gzipTrailer(segments: readonly SegmentSums[]): readonly Uint8Array[] {
  const { crc, length } = sumOf(segments);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % LENGTH_MODULUS, 4);
  return [FINAL_BLOCK, trailer];
}
