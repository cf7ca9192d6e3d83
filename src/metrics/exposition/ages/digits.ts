import { crc32 } from 'node:zlib';
import { literalCodes } from './huffman-codes.ts';

/**
 * Returns the age, at a second, of something that started at another second; never negative. Both are seconds
 * since the epoch.
 */
export function ageAt(second: number, start: number): number {
  return Math.max(0, second - start);
}

/** Digits of the largest safe integer. */
export const MAX_DIGITS = 16;

export function smallestWith(digits: number): number {
  return 10 ** (digits - 1);
}

export function digitsOf(age: number): number {
  let digits = 1;
  for (let limit = 10; age >= limit; limit *= 10) digits++;
  return digits;
}

/**
 * The last three digits of an age are written together, because one code holds 24 bits, which is three
 * literals.
 */
export const GROUP_DIGITS = 3;
/** The numbers of a group are smaller than this. */
export const GROUP = 10 ** GROUP_DIGITS;

/** The deflate code and the CRC of each number of a group. */
export interface DigitGroup {
  readonly codes: Uint32Array;
  /** As signed integers. */
  readonly crcs: Int32Array;
}

/** The digits of ages below 1000, which are written without leading zeros. */
export const WHOLE_AGE: DigitGroup = groupOf(String);
/** The last three digits of longer ages. */
export const LAST_DIGITS: DigitGroup = groupOf((value) =>
  String(value).padStart(GROUP_DIGITS, '0'),
);

function groupOf(textOf: (value: number) => string): DigitGroup {
  const texts = Array.from({ length: GROUP }, (_, value) => textOf(value));
  return {
    codes: Uint32Array.from(texts, (text) => literalCodes(Buffer.from(text))[0] ?? 0),
    crcs: Int32Array.from(texts, (text) => crc32(text)),
  };
}
