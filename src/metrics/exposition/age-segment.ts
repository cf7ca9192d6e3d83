import { ageAt, FIRST_DIGITS, GROUP, MORE_DIGITS } from './age-digits.ts';
import { type AgeGaps, MOST_DIGITS } from './age-gaps.ts';
import { tabledCrc32 } from './crc32.ts';
import { DISTANCES, fixedBlock, MATCH_LENGTHS } from './fixed-codes.ts';
import type { Segment } from './segment.ts';

/**
 * Lines of ages, deflated without zlib. All that differs from one second to the next are digits: so what
 * lines share is looked for once, and a scrape only writes it down again, with other digits. That takes a
 * tenth of the time of deflating the text, which for this is not even made; the price is twice the size,
 * of this one family.
 *
 * @param since what the ages count from, one for each gap but the last; in seconds since the epoch, as is
 * @param second when they are wanted for
 */
export function ageSegment(gaps: AgeGaps, since: Float64Array, second: number): Segment {
  const { ends, heads, tails, literals, literalEnds, crcs, shifts, count } = gaps;
  const codes = roomFor(gaps);
  let next = 0;
  let literal = 0;
  let crc = 0;
  let length = 0;
  let lastDigits = 0;
  let lastStart = 0;
  let start = 0;
  for (let gap = 0; gap < count; gap++) {
    const end = ends[gap] ?? 0;
    const head = heads[gap] ?? 0;
    const tail = tails[gap] ?? 0;
    if (head > 0) {
      codes[next++] = MATCH_LENGTHS[head] ?? 0;
      codes[next++] = DISTANCES[start - lastStart + lastDigits] ?? 0;
    }
    const literalEnd = literalEnds[gap] ?? 0;
    while (literal < literalEnd) codes[next++] = literals[literal++] ?? 0;
    if (tail > 0) {
      codes[next++] = MATCH_LENGTHS[tail] ?? 0;
      codes[next++] = DISTANCES[end - start + lastDigits] ?? 0;
    }
    const shift = shifts[gap];
    if (shift) crc = tabledCrc32(crc, crcs[gap] ?? 0, shift);
    length += end - start;
    lastStart = start;
    start = end;

    const from = since[gap];
    if (from === undefined) break;
    let left = ageAt(second, from);
    let unit = 1;
    while (left >= unit * GROUP) unit *= GROUP;
    lastDigits = 0;
    for (let group = FIRST_DIGITS; unit >= 1; unit /= GROUP) {
      const value = (left / unit) | 0;
      left -= value * unit;
      codes[next++] = group.codes[value] ?? 0;
      const digits = group.lengths[value] ?? 0;
      const shift = group.shifts[digits];
      if (shift) crc = tabledCrc32(crc, group.crcs[value] ?? 0, shift);
      lastDigits += digits;
      group = MORE_DIGITS;
    }
    length += lastDigits;
  }
  return { deflated: fixedBlock(codes, next), crc: crc >>> 0, length };
}

/** Used by one call after the other: memory that is new to a process costs more than the rest does. */
let room = new Uint32Array(0);

/** For codes, and two more; a match is a length and a distance. */
function roomFor({ literals, count }: AgeGaps): Uint32Array {
  const codes = literals.length + (4 + MOST_DIGITS) * count + 2;
  if (room.length < codes) room = new Uint32Array(codes);
  return room;
}
