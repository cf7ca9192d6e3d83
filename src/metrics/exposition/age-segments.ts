import {
  ageAt,
  digitsOf,
  FIRST_DIGITS,
  GROUP,
  GROUP_DIGITS,
  leastOf,
  MORE_DIGITS,
} from './age-digits.ts';
import { type AgeGaps, MOST_DIGITS } from './age-gaps.ts';
import { BITS_PER_BYTE, BitWriter } from './bit-writer.ts';
import { type ShiftTable, shiftBy, shiftTable, tabledCrc32 } from './crc32.ts';
import { DISTANCES, MATCH_LENGTHS } from './fixed-codes.ts';
import type { Segment } from './segment.ts';

/** Lines to a deflated block: an age that gets another digit moves all that follows it in its own. */
const RUN_LINES = 64;

/** Bits of a digit with fixed codes; and a 0, which holds the place of one until that is known. */
const DIGIT_BITS = 8;
const DIGIT = FIRST_DIGITS.codes[0] ?? 0;

/** Used by one text after the other: memory that is new to a process costs more than the rest does. */
const WRITER = new BitWriter();

/**
 * Lines of ages, deflated without zlib. From one second to the next nothing but digits differ, mostly the
 * last three, and with fixed codes all digits have as many bits: so all else is written once, and a scrape
 * copies that and puts in those. Only where an age gets another digit, some dozens of lines are laid out
 * again. That takes a twentieth of the time of writing the text and deflating it; the price is nearly twice
 * the size, of this one family.
 */
export class AgeSegments {
  readonly #gaps: AgeGaps;
  readonly #starts: Float64Array;
  readonly #runs: readonly Run[];
  /** What was made last; not changed, as somebody may be reading it. */
  #deflated: Uint8Array = new Uint8Array(0);
  /** Of the text, in bytes; and how a CRC is shifted by that. */
  #length = 0;
  #shift = shiftBy(0);
  /** By age, where its last group of digits is, in bits from the begin of its run. */
  readonly #places: Uint32Array;
  /** By age, when that group was last 0: in whole seconds since the epoch. */
  readonly #bases: Float64Array;
  /** By age, the CRC of the gap and the digits before that group, shifted by the group's length. */
  readonly #crcs: Int32Array;
  /** By age, how a CRC is shifted by all from the age before up to its own end. */
  readonly #shifts: ShiftTable[] = [];

  /** @param starts what the ages count from, one for each gap but the last; whole seconds since the epoch */
  constructor(gaps: AgeGaps, starts: Float64Array) {
    this.#gaps = gaps;
    this.#starts = starts;
    const ages = starts.length;
    this.#places = new Uint32Array(ages);
    this.#bases = new Float64Array(ages);
    this.#crcs = new Int32Array(ages);
    const runs = Math.ceil(gaps.count / RUN_LINES);
    this.#runs = Array.from({ length: runs }, (_, index) => new Run(index * RUN_LINES));
  }

  /** The lines as they are at a second since the epoch. */
  at(second: number): Segment {
    const { literals, count, ends, crcs } = this.#gaps;
    WRITER.clear(this.#runs.length, literals.length + (4 + MOST_DIGITS) * count);
    let crc = 0;
    let length = ends[count - 1] ?? 0;
    let digits = 0;
    for (const run of this.#runs) {
      const begin = WRITER.length;
      if (run.holds(second, digits)) WRITER.add(this.#deflated.subarray(run.begin, run.end));
      else this.#layOut(run, second, digits);
      run.begin = begin;
      run.end = WRITER.length;
      crc = this.#putAges(run, second, crc);
      length += run.digits;
      digits = run.lastDigits;
    }
    this.#deflated = WRITER.taken();
    const last = shiftTable((ends[count - 1] ?? 0) - (ends[count - 2] ?? 0));
    crc = tabledCrc32(crc, crcs[count - 1] ?? 0, last);
    if (length !== this.#length) this.#shift = shiftBy(length);
    this.#length = length;
    return { deflated: this.#deflated, crc: crc >>> 0, length, shift: this.#shift };
  }

  /** Writes lines with room for ages that have as many digits as at a second. */
  #layOut(run: Run, second: number, digitsBefore: number): void {
    const { ends, heads, tails, literals, literalEnds } = this.#gaps;
    const { first } = run;
    run.reset(digitsBefore);
    let lastStart = ends[first - 2] ?? 0;
    let start = ends[first - 1] ?? 0;
    let literal = literalEnds[first - 1] ?? 0;
    WRITER.beginBlock();
    for (let gap = first; gap < first + RUN_LINES && gap < ends.length; gap++) {
      const end = ends[gap] ?? 0;
      const head = heads[gap] ?? 0;
      const tail = tails[gap] ?? 0;
      if (head > 0) {
        WRITER.put(MATCH_LENGTHS[head] ?? 0);
        WRITER.put(DISTANCES[start - lastStart + run.lastDigits] ?? 0);
      }
      const literalEnd = literalEnds[gap] ?? 0;
      while (literal < literalEnd) WRITER.put(literals[literal++] ?? 0);
      if (tail > 0) {
        WRITER.put(MATCH_LENGTHS[tail] ?? 0);
        WRITER.put(DISTANCES[end - start + run.lastDigits] ?? 0);
      }

      const from = this.#starts[gap];
      if (from === undefined) break;
      const digits = digitsOf(ageAt(second, from));
      for (let digit = 0; digit < digits; digit++) {
        if (digit === Math.max(0, digits - GROUP_DIGITS)) this.#places[gap] = WRITER.place;
        WRITER.put(DIGIT);
      }
      this.#bases[gap] = Number.POSITIVE_INFINITY;
      this.#shifts[gap] = shiftTable(end - start + digits);
      run.add(from, digits);
      lastStart = start;
      start = end;
    }
    WRITER.endBlock();
  }

  /** Puts ages where they belong. Gives the CRC of all up to the last one's end. @param before up to the begin */
  #putAges({ begin, first }: Run, second: number, before: number): number {
    const starts = this.#starts;
    const bases = this.#bases;
    const places = this.#places;
    const crcs = this.#crcs;
    const shifts = this.#shifts;
    const end = Math.min(first + RUN_LINES, starts.length);
    const from = begin * BITS_PER_BYTE;
    let crc = before;
    for (let gap = first; gap < end; gap++) {
      let value = second - (bases[gap] ?? 0);
      if (!(value >= 0 && value < GROUP)) value = this.#putFirst(gap, from, second);
      const { codes, crcs: own } = bases[gap] === starts[gap] ? FIRST_DIGITS : MORE_DIGITS;
      WRITER.replace(from + (places[gap] ?? 0), codes[value] ?? 0);
      const shift = shifts[gap];
      if (shift) crc = tabledCrc32(crc, (crcs[gap] ?? 0) ^ (own[value] ?? 0), shift);
    }
    return crc;
  }

  /** Puts the digits before the last group: at first, and when that began anew. Gives that group's number. */
  #putFirst(gap: number, from: number, second: number): number {
    const start = this.#starts[gap] ?? 0;
    const age = ageAt(second, start);
    const high = Math.floor(age / GROUP);
    const low = age - high * GROUP;
    this.#bases[gap] = start + high * GROUP;
    let crc = this.#gaps.crcs[gap] ?? 0;
    if (high > 0) {
      const digits = String(high);
      let place = from + (this.#places[gap] ?? 0) - digits.length * DIGIT_BITS;
      for (const digit of digits) {
        const value = Number(digit);
        WRITER.replace(place, FIRST_DIGITS.codes[value] ?? 0);
        crc = tabledCrc32(crc, FIRST_DIGITS.crcs[value] ?? 0, shiftTable(1));
        place += DIGIT_BITS;
      }
    }
    this.#crcs[gap] = tabledCrc32(crc, 0, shiftTable(high > 0 ? GROUP_DIGITS : digitsOf(low)));
    return low;
  }
}

/** Lines that are laid out together. */
class Run {
  /** Its first gap. */
  readonly first: number;
  /** Where it stands, in bytes. */
  begin = 0;
  end = 0;
  /** Of all its ages. */
  digits = 0;
  lastDigits = 0;
  /** How far back a match lies depends on them, too. */
  #digitsBefore = 0;
  /** From which second on, and before which one, its ages have as many digits as they were given room for. */
  #from = Number.POSITIVE_INFINITY;
  #until = Number.NEGATIVE_INFINITY;

  constructor(first: number) {
    this.first = first;
  }

  /** Whether its lines, as they are laid out, have room for the ages at a second, and for no more. */
  holds(second: number, digitsBefore: number): boolean {
    return second >= this.#from && second < this.#until && digitsBefore === this.#digitsBefore;
  }

  reset(digitsBefore: number): void {
    this.#digitsBefore = digitsBefore;
    this.lastDigits = digitsBefore;
    this.digits = 0;
    this.#from = Number.NEGATIVE_INFINITY;
    this.#until = Number.POSITIVE_INFINITY;
  }

  /** Takes in an age. @param start what it counts from */
  add(start: number, digits: number): void {
    this.lastDigits = digits;
    this.digits += digits;
    // Before its start an age is 0.
    if (digits > 1) this.#from = Math.max(this.#from, start + leastOf(digits));
    this.#until = Math.min(this.#until, start + leastOf(digits + 1));
  }
}
