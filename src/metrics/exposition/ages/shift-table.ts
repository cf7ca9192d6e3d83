import { crcShift, multiplyPolynomials } from '../crc32.ts';

const BYTE = 256;
const BYTES_OF_CRC = 4;

/**
 * The products of one shift (see `crcShift`) with each byte of a CRC. Looking up four products is about
 * thirty times faster than one multiplication, so a table pays off for lengths that occur often.
 */
export type ShiftTable = Int32Array;

/** Tables for lengths up to this one are kept. A table takes 4 KiB, and usual names need a few dozen lengths. */
const LONGEST_KEPT = 1024;

/** Tables by length. All blocks share them, because their lines have the same few lengths. */
const KEPT = new Map<number, ShiftTable>();

/** @param length in bytes */
export function shiftTable(length: number): ShiftTable {
  const table = KEPT.get(length) ?? newShiftTable(length);
  if (length <= LONGEST_KEPT) KEPT.set(length, table);
  return table;
}

function newShiftTable(length: number): ShiftTable {
  const shift = crcShift(length);
  const table = new Int32Array(BYTES_OF_CRC * BYTE);
  for (let at = 0; at < BYTES_OF_CRC; at++) {
    for (let byte = 1; byte < BYTE; byte++) {
      const lowestBit = byte & -byte;
      // The product is linear: the product of a byte with several bits is the sum of its bits' products.
      table[at * BYTE + byte] =
        byte === lowestBit
          ? multiplyPolynomials(shift, (byte << (8 * at)) >>> 0)
          : (table[at * BYTE + lowestBit] ?? 0) ^ (table[at * BYTE + byte - lowestBit] ?? 0);
    }
  }
  return table;
}

/**
 * Does the same as `combineCrc32`, with the table of the second text's length. CRCs are signed integers here,
 * because V8 keeps those without allocating memory; `>>> 0` turns the result into the usual unsigned CRC.
 */
export function combineWithTable(first: number, second: number, table: ShiftTable): number {
  return (
    (table[first & 255] ?? 0) ^
    (table[BYTE + ((first >>> 8) & 255)] ?? 0) ^
    (table[2 * BYTE + ((first >>> 16) & 255)] ?? 0) ^
    (table[3 * BYTE + (first >>> 24)] ?? 0) ^
    second
  );
}
