/*
 * Deflate's fixed Huffman codes (RFC 1951, section 3.2.6), as they are written: their own bits reversed,
 * since they begin with the highest one, and everything else with the lowest.
 */

/** Bits to be written together, the first one lowest, and above them how many they are. */
export type Code = number;

export const COUNT_SHIFT = 24;
export const BITS = (1 << COUNT_SHIFT) - 1;
/** No code has more; a distance has 18. */
const MOST_BITS = COUNT_SHIFT;

const codeOf = (bits: number, count: number): Code => bits | (count << COUNT_SHIFT);

/** Bytes as they are, each by itself. */
const LITERALS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => symbol(byte));

export const END_OF_BLOCK: Code = symbol(256);

/** Bytes as they are, as many to a code as go into one: three, or two where one is above 143. */
export function literalCodes(bytes: Uint8Array): Code[] {
  const codes: Code[] = [];
  let code = codeOf(0, 0);
  for (const byte of bytes) {
    const one = LITERALS[byte] ?? 0;
    const count = one >>> COUNT_SHIFT;
    if ((code >>> COUNT_SHIFT) + count > MOST_BITS) {
      codes.push(code);
      code = codeOf(0, 0);
    }
    code = withExtra(code, one & BITS, count);
  }
  if (code !== 0) codes.push(code);
  return codes;
}

/** A symbol of the alphabet that literals and lengths share. */
function symbol(value: number): Code {
  if (value < 144) return codeOf(reversed(0x30 + value, 8), 8);
  if (value < 256) return codeOf(reversed(0x190 + value - 144, 9), 9);
  if (value < 280) return codeOf(reversed(value - 256, 7), 7);
  return codeOf(reversed(0xc0 + value - 280, 8), 8);
}

export const SHORTEST_MATCH = 3;
export const LONGEST_MATCH = 258;

/** How long a match is; 0 for what is too short to be one. */
export const MATCH_LENGTHS: Uint32Array = matchLengths();

function matchLengths(): Uint32Array {
  const first = 257;
  const last = 285;
  const table = new Uint32Array(LONGEST_MATCH + 1);
  let length = SHORTEST_MATCH;
  for (let value = first; value < last; value++) {
    // Four symbols each have one extra bit more, after the first eight without.
    const extra = Math.max(0, ((value - first) >> 2) - 1);
    for (let offset = 0; offset < 1 << extra; offset++) {
      table[length++] = withExtra(symbol(value), offset, extra);
    }
  }
  // The longest has a symbol of its own.
  table[LONGEST_MATCH] = symbol(last);
  return table;
}

/** As far back as a match may reach. */
export const LONGEST_DISTANCE = 2 ** 15;

/** How far back a match lies, from 1 up. */
export const DISTANCES: Uint32Array = distances();

function distances(): Uint32Array {
  const last = 29;
  const table = new Uint32Array(LONGEST_DISTANCE + 1);
  let distance = 1;
  for (let value = 0; value <= last; value++) {
    // Two symbols each have one extra bit more, after the first four without.
    const extra = Math.max(0, (value >> 1) - 1);
    const code = codeOf(reversed(value, 5), 5);
    for (let offset = 0; offset < 1 << extra; offset++) {
      table[distance++] = withExtra(code, offset, extra);
    }
  }
  return table;
}

/** @param extra how many bits more, which are those of `offset` */
function withExtra(code: Code, offset: number, extra: number): Code {
  const count = code >>> COUNT_SHIFT;
  return codeOf((code & BITS) | (offset << count), count + extra);
}

function reversed(bits: number, count: number): number {
  let result = 0;
  for (let bit = 0; bit < count; bit++) result |= ((bits >>> bit) & 1) << (count - 1 - bit);
  return result;
}

/** The first three bits of a block that is not the last one: of fixed codes, or stored. */
export const FIXED: Code = codeOf(0b010, 3);
export const STORED: Code = codeOf(0b000, 3);
