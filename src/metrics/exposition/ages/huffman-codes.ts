/*
 * The fixed Huffman codes of deflate (RFC 1951, section 3.2.6) in the bit order in which they are
 * written. Deflate writes Huffman codes from their highest bit on and all other numbers from their
 * lowest bit on, so the tables hold each Huffman code with its bits reversed.
 */

/** Up to 24 bits that are written together. Bits 0 to 23 hold them, and the bits above hold their number. */
export type Code = number;

export const COUNT_SHIFT = 24;
export const BITS = (1 << COUNT_SHIFT) - 1;
const MAX_BITS = COUNT_SHIFT;

const codeOf = (bits: number, count: number): Code => bits | (count << COUNT_SHIFT);

const LITERALS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => symbol(byte));

export const END_OF_BLOCK: Code = symbol(256);

/**
 * Codes of bytes as literals. Each code holds three literals, or two if one of them has 9 bits (bytes above
 * 143).
 */
export function literalCodes(bytes: Uint8Array): Code[] {
  const codes: Code[] = [];
  let code = codeOf(0, 0);
  for (const byte of bytes) {
    const literal = LITERALS[byte] ?? 0;
    const count = literal >>> COUNT_SHIFT;
    if ((code >>> COUNT_SHIFT) + count > MAX_BITS) {
      codes.push(code);
      code = codeOf(0, 0);
    }
    code = withExtraBits(code, literal & BITS, count);
  }
  if (code !== 0) codes.push(code);
  return codes;
}

/** The code of a symbol in the alphabet of literals and match lengths. */
function symbol(value: number): Code {
  if (value < 144) return codeOf(reversed(0x30 + value, 8), 8);
  if (value < 256) return codeOf(reversed(0x190 + value - 144, 9), 9);
  if (value < 280) return codeOf(reversed(value - 256, 7), 7);
  return codeOf(reversed(0xc0 + value - 280, 8), 8);
}

export const SHORTEST_MATCH = 3;
export const LONGEST_MATCH = 258;

/** The code of each match length; 0 for lengths below the shortest match. */
export const MATCH_LENGTHS: Uint32Array = matchLengths();

function matchLengths(): Uint32Array {
  const first = 257;
  const last = 285;
  const table = new Uint32Array(LONGEST_MATCH + 1);
  let length = SHORTEST_MATCH;
  for (let value = first; value < last; value++) {
    // The first eight symbols have no extra bits; after them, every four symbols have one more.
    const extra = Math.max(0, ((value - first) >> 2) - 1);
    for (let offset = 0; offset < 1 << extra; offset++) {
      table[length++] = withExtraBits(symbol(value), offset, extra);
    }
  }
  // The loop wrote 258 as the end of a range, but deflate gives it a symbol of its own.
  table[LONGEST_MATCH] = symbol(last);
  return table;
}

/** A match may begin at most 32 KiB back. */
export const LONGEST_DISTANCE = 2 ** 15;

/** The code of each match distance, from 1 up. */
export const DISTANCES: Uint32Array = distances();

function distances(): Uint32Array {
  const last = 29;
  const table = new Uint32Array(LONGEST_DISTANCE + 1);
  let distance = 1;
  for (let value = 0; value <= last; value++) {
    // The first four symbols have no extra bits; after them, every two symbols have one more.
    const extra = Math.max(0, (value >> 1) - 1);
    const code = codeOf(reversed(value, 5), 5);
    for (let offset = 0; offset < 1 << extra; offset++) {
      table[distance++] = withExtraBits(code, offset, extra);
    }
  }
  return table;
}

/** A code followed by the lowest `extra` bits of `offset`. */
function withExtraBits(code: Code, offset: number, extra: number): Code {
  const count = code >>> COUNT_SHIFT;
  return codeOf((code & BITS) | (offset << count), count + extra);
}

function reversed(bits: number, count: number): number {
  let result = 0;
  for (let bit = 0; bit < count; bit++) result |= ((bits >>> bit) & 1) << (count - 1 - bit);
  return result;
}

/** The header of a block with fixed Huffman codes, and of a stored block; neither is the last block. */
export const FIXED_BLOCK: Code = codeOf(0b010, 3);
export const STORED_BLOCK: Code = codeOf(0b000, 3);
