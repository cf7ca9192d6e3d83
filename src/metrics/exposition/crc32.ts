/** The CRC-32 of gzip (RFC 1952, section 8), its bits reversed: x^0 is the highest bit. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
const BITS_PER_BYTE_EXPONENT = 3;
/** Lengths have no more bits than a safe integer. */
const MOST_EXPONENTS = 53 + BITS_PER_BYTE_EXPONENT;

/** a(x) * b(x) modulo the polynomial. */
function multiplied(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x to the power of 2^0, 2^1 and so on. */
const POWERS = powers();

function powers(): readonly number[] {
  const found: number[] = [ONE >>> 1];
  while (found.length < MOST_EXPONENTS) {
    const last = found.at(-1) ?? ONE;
    found.push(multiplied(last, last));
  }
  return found;
}

/** What a CRC is multiplied with when so many bytes follow. */
export function shiftBy(length: number): number {
  let shift = ONE;
  let exponent = BITS_PER_BYTE_EXPONENT;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiplied(shift, POWERS[exponent] ?? ONE);
    exponent++;
  }
  return shift;
}

/**
 * The CRC-32 of two texts one after the other, from theirs: with a CRC linear in its input, the first
 * one's is shifted by the length of the second.
 *
 * @param shift by the length of the second
 */
export function combinedCrc32(first: number, second: number, shift: number): number {
  return (multiplied(shift, first) ^ second) >>> 0;
}

const BYTE = 256;
const BYTES_OF_CRC = 4;

/**
 * How a CRC is shifted by one length, looked up a byte of it at a time: for a length that comes again
 * and again, some thirty times faster than `combinedCrc32`.
 */
export type ShiftTable = Int32Array;

/** Lengths whose tables, of 4 KiB each, are kept: names of usual length have a few dozen. */
const LONGEST_KEPT = 1024;

/** All blocks have lines of the same few lengths. */
const KEPT = new Map<number, ShiftTable>();

/** @param length in bytes */
export function shiftTable(length: number): ShiftTable {
  const table = KEPT.get(length) ?? newShiftTable(length);
  if (length <= LONGEST_KEPT) KEPT.set(length, table);
  return table;
}

function newShiftTable(length: number): ShiftTable {
  const shift = shiftBy(length);
  const table = new Int32Array(BYTES_OF_CRC * BYTE);
  for (let at = 0; at < BYTES_OF_CRC; at++) {
    for (let byte = 1; byte < BYTE; byte++) {
      const lowest = byte & -byte;
      // Linear: a byte of several bits is the sum of theirs.
      table[at * BYTE + byte] =
        byte === lowest
          ? multiplied(shift, (byte << (8 * at)) >>> 0)
          : (table[at * BYTE + lowest] ?? 0) ^ (table[at * BYTE + byte - lowest] ?? 0);
    }
  }
  return table;
}

/**
 * The CRC-32 of two texts one after the other, from theirs and the table of the second one's length; like
 * them as the signed integer of the same bits, which is faster.
 */
export function tabledCrc32(first: number, second: number, table: ShiftTable): number {
  return (
    (table[first & 255] ?? 0) ^
    (table[BYTE + ((first >>> 8) & 255)] ?? 0) ^
    (table[2 * BYTE + ((first >>> 16) & 255)] ?? 0) ^
    (table[3 * BYTE + (first >>> 24)] ?? 0) ^
    second
  );
}
