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

/**
 * The CRC-32 of two texts one after the other, from theirs: with a CRC linear in its input, the first
 * one's is shifted by the length of the second.
 *
 * @param length of the second, in bytes
 */
export function combinedCrc32(first: number, second: number, length: number): number {
  let shift = ONE;
  let exponent = BITS_PER_BYTE_EXPONENT;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiplied(shift, POWERS[exponent] ?? ONE);
    exponent++;
  }
  return (multiplied(shift, first) ^ second) >>> 0;
}
