/** The polynomial of gzip's CRC-32 (RFC 1952, section 8) with its bits reversed: the highest bit is x^0. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
const BITS_PER_BYTE_EXPONENT = 3;
/** A length is a safe integer of at most 53 bits, counted in bytes. */
const MAX_EXPONENTS = 53 + BITS_PER_BYTE_EXPONENT;

/** The product of two polynomials modulo the CRC's polynomial. */
export function multiplyPolynomials(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x to the power of 2^0, 2^1, 2^2 and so on, modulo the CRC's polynomial. */
const POWERS = squares();

function squares(): readonly number[] {
  const powers: number[] = [ONE >>> 1];
  while (powers.length < MAX_EXPONENTS) {
    const last = powers.at(-1) ?? ONE;
    powers.push(multiplyPolynomials(last, last));
  }
  return powers;
}

/** The factor by which a CRC is multiplied when `length` more bytes follow its text. */
export function crcShift(length: number): number {
  let shift = ONE;
  let exponent = BITS_PER_BYTE_EXPONENT;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = multiplyPolynomials(shift, POWERS[exponent] ?? ONE);
    exponent++;
  }
  return shift;
}

/**
 * The CRC-32 of two texts together, computed from the CRC of each. A CRC is linear in its input, so the
 * first CRC is multiplied by the shift of the second text's length and added to the second CRC.
 *
 * @param shift `crcShift` of the second text's length
 */
export function combineCrc32(first: number, second: number, shift: number): number {
  return (multiplyPolynomials(shift, first) ^ second) >>> 0;
}
