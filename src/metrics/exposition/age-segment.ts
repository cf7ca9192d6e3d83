import { FIRST_DIGITS, GROUP, MORE_DIGITS } from './age-digits.ts';
import { type AgeGaps, MOST_DIGITS } from './age-gaps.ts';
import { tabledCrc32 } from './crc32.ts';
import { DISTANCES, fixedBlock, LITERALS, MATCH_LENGTHS } from './fixed-codes.ts';
import type { Segment } from './segment.ts';

/**
 * Lines of ages, deflated without zlib. All that differs from one second to the next are digits: so what
 * lines share is looked for once, and a scrape only writes it down again, with other digits. That takes a
 * tenth of the time of deflating the text, which for this is not even made; the price is twice the size,
 * of this one family.
 *
 * @param ages whole numbers from 0 up, one for each gap but the last
 */
export function ageSegment(gaps: AgeGaps, ages: Float64Array): Segment {
  const { ends, heads, tails, literals, crcs, shifts, count } = gaps;
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
    const literalsEnd = literal + end - start - head - tail;
    while (literal < literalsEnd) codes[next++] = LITERALS[literals[literal++] ?? 0] ?? 0;
    if (tail > 0) {
      codes[next++] = MATCH_LENGTHS[tail] ?? 0;
      codes[next++] = DISTANCES[end - start + lastDigits] ?? 0;
    }
    const shift = shifts[gap];
    if (shift) crc = tabledCrc32(crc, crcs[gap] ?? 0, shift);
    length += end - start;
    lastStart = start;
    start = end;

    let left = ages[gap];
    if (left === undefined) break;
    let unit = 1;
    while (left >= unit * GROUP) unit *= GROUP;
    lastDigits = 0;
    for (let group = FIRST_DIGITS; unit >= 1; unit /= GROUP) {
      const value = Math.floor(left / unit);
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
