import { crc32 } from 'node:zlib';
import { type ShiftTable, shiftTable } from './crc32.ts';
import { literalCodes } from './fixed-codes.ts';

/** An age: whole seconds, never negative, from a time to a later one, both in seconds since the epoch. */
export function ageAt(second: number, since: number): number {
  return Math.max(0, Math.floor(second - since));
}

/** Digits that are written together: their codes are 24 bits, as many as go at once. */
const GROUP_DIGITS = 3;
/** The numbers of a group are below it. */
export const GROUP = 10 ** GROUP_DIGITS;

/** What the digits of a group are, by its number. */
export interface DigitGroup {
  readonly codes: Uint32Array;
  /** As signed integers. */
  readonly crcs: Int32Array;
  readonly lengths: Uint8Array;
  /** How a CRC is shifted by so many digits. */
  readonly shifts: readonly ShiftTable[];
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
    lengths: Uint8Array.from(texts, (text) => text.length),
    shifts: Array.from({ length: GROUP_DIGITS + 1 }, (_, length) => shiftTable(length)),
  };
}
