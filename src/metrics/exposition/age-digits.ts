import { crc32 } from 'node:zlib';
import { literalCodes } from './fixed-codes.ts';

/** An age, never negative, from a time to a later one, both in whole seconds since the epoch. */
export function ageAt(second: number, start: number): number {
  return Math.max(0, second - start);
}

/** The least number of so many digits. */
export function leastOf(digits: number): number {
  return 10 ** (digits - 1);
}

/** How many digits a number has. */
export function digitsOf(age: number): number {
  let digits = 1;
  for (let most = 10; age >= most; most *= 10) digits++;
  return digits;
}

/** Digits that are written together: their codes are 24 bits, as many as go at once. */
export const GROUP_DIGITS = 3;
/** The numbers of a group are below it. */
export const GROUP = 10 ** GROUP_DIGITS;

/** What the digits of a group are, by its number. */
export interface DigitGroup {
  readonly codes: Uint32Array;
  /** As signed integers. */
  readonly crcs: Int32Array;
}

/** The first group of a number. */
export const FIRST_DIGITS: DigitGroup = groupOf(String);
/** Those after it. */
export const MORE_DIGITS: DigitGroup = groupOf((value) =>
  String(value).padStart(GROUP_DIGITS, '0'),
);

function groupOf(written: (value: number) => string): DigitGroup {
  const texts = Array.from({ length: GROUP }, (_, value) => written(value));
  return {
    codes: Uint32Array.from(texts, (text) => literalCodes(Buffer.from(text))[0] ?? 0),
    crcs: Int32Array.from(texts, (text) => crc32(text)),
  };
}
