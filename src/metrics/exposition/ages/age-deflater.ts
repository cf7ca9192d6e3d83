import { crcShift } from '../crc32.ts';
import type { Segment } from '../segment.ts';
import { BITS_PER_BYTE, BitWriter } from './bit-writer.ts';
import {
  ageAt,
  digitsOf,
  GROUP,
  GROUP_DIGITS,
  LAST_DIGITS,
  MAX_DIGITS,
  WHOLE_AGE,
} from './digits.ts';
import type { Gaps } from './gaps.ts';
import { DISTANCES, MATCH_LENGTHS } from './huffman-codes.ts';
import { RUN_LINES, Run } from './run.ts';
import { combineWithTable, type ShiftTable, shiftTable } from './shift-table.ts';

/**
 * The literal of a digit has this many bits. So has the literal 0, which keeps the place of a digit until its
 * value is known.
 */
const DIGIT_BITS = 8;
const DIGIT_0 = WHOLE_AGE.codes[0] ?? 0;

/** A gap has this many codes in addition to its literals: two for each of its two matches. */
const MATCH_CODES = 4;

/**
 * All blocks share one writer: taking new memory from the system for each text would take longer than writing
 * it.
 */
const WRITER = new BitWriter();

/** Deflates the lines of one block for one second after the other. index.ts explains how. */
export class AgeDeflater {
  readonly #gaps: Gaps;
  readonly #starts: Float64Array;
  readonly #runs: readonly Run[];
  /** The newest result. It is never changed, since an answer may still be reading it. */
  #deflated: Uint8Array = new Uint8Array(0);
  /**
   * Length of the newest result's text in bytes, and its `crcShift`, which is kept because it is slow to
   * compute.
   */
  #length = 0;
  #shift = crcShift(0);
  /** For each age, the offset of its last digit group, in bits from the start of its run. */
  readonly #groupOffsets: Uint32Array;
  /** For each age, the latest second at which its last digit group was 0. */
  readonly #groupStarts: Float64Array;
  /** For each age, the CRC of its gap and of the digits before the last group, shifted by that group's length. */
  readonly #crcs: Int32Array;
  /** For each age, the shift by its gap and all its digits. */
  readonly #shifts: ShiftTable[] = [];

  /**
   * @param starts the times from which the ages count, in whole seconds since the epoch; there is one age
   *   fewer than there are gaps
   */
  constructor(gaps: Gaps, starts: Float64Array) {
    this.#gaps = gaps;
    this.#starts = starts;
    const ages = starts.length;
    this.#groupOffsets = new Uint32Array(ages);
    this.#groupStarts = new Float64Array(ages);
    this.#crcs = new Int32Array(ages);
    const runs = Math.ceil(gaps.count / RUN_LINES);
    this.#runs = Array.from({ length: runs }, (_, index) => new Run(index * RUN_LINES));
  }

  /** Returns the deflated lines for a second since the epoch. */
  at(second: number): Segment {
    const { literals, count, ends, crcs } = this.#gaps;
    WRITER.clear(this.#runs.length, literals.length + (MATCH_CODES + MAX_DIGITS) * count);
    let crc = 0;
    let length = ends[count - 1] ?? 0;
    let digitsBefore = 0;
    for (const run of this.#runs) {
      const start = WRITER.length;
      if (run.fits(second, digitsBefore)) {
        WRITER.append(this.#deflated.subarray(run.start, run.end));
      } else this.#writeRun(run, second, digitsBefore);
      run.start = start;
      run.end = WRITER.length;
      crc = this.#writeAges(run, second, crc);
      length += run.totalDigits;
      digitsBefore = run.lastDigits;
    }
    this.#deflated = WRITER.copy();
    const finalGap = shiftTable((ends[count - 1] ?? 0) - (ends[count - 2] ?? 0));
    crc = combineWithTable(crc, crcs[count - 1] ?? 0, finalGap);
    if (length !== this.#length) this.#shift = crcShift(length);
    this.#length = length;
    return { deflated: this.#deflated, crc: crc >>> 0, length, shift: this.#shift };
  }

  /** Writes the block of a run. Each digit that an age has at that second is written as 0. */
  #writeRun(run: Run, second: number, digitsBefore: number): void {
    const { ends, heads, tails, literals, literalEnds } = this.#gaps;
    const { firstGap } = run;
    run.reset(digitsBefore);
    let previousStart = ends[firstGap - 2] ?? 0;
    let start = ends[firstGap - 1] ?? 0;
    let literal = literalEnds[firstGap - 1] ?? 0;
    WRITER.beginBlock();
    for (let gap = firstGap; gap < firstGap + RUN_LINES && gap < ends.length; gap++) {
      const end = ends[gap] ?? 0;
      const head = heads[gap] ?? 0;
      const tail = tails[gap] ?? 0;
      // The written text also holds the digits of the age between the two gaps, so distances include them.
      if (head > 0) {
        WRITER.put(MATCH_LENGTHS[head] ?? 0);
        WRITER.put(DISTANCES[start - previousStart + run.lastDigits] ?? 0);
      }
      const literalEnd = literalEnds[gap] ?? 0;
      while (literal < literalEnd) WRITER.put(literals[literal++] ?? 0);
      if (tail > 0) {
        WRITER.put(MATCH_LENGTHS[tail] ?? 0);
        WRITER.put(DISTANCES[end - start + run.lastDigits] ?? 0);
      }

      const since = this.#starts[gap];
      // No age follows the last gap.
      if (since === undefined) break;
      const digits = digitsOf(ageAt(second, since));
      for (let digit = 0; digit < digits; digit++) {
        if (digit === Math.max(0, digits - GROUP_DIGITS)) {
          this.#groupOffsets[gap] = WRITER.bitOffset;
        }
        WRITER.put(DIGIT_0);
      }
      // This makes #writeAges write the digits before the last group, too.
      this.#groupStarts[gap] = Number.POSITIVE_INFINITY;
      this.#shifts[gap] = shiftTable(end - start + digits);
      run.add(since, digits);
      previousStart = start;
      start = end;
    }
    WRITER.endBlock();
  }

  /**
   * Overwrites the ages of a run with those of a second.
   *
   * @param crcBefore the CRC of the text before the run
   * @returns the CRC of the text up to the run's last age
   */
  #writeAges({ start, firstGap }: Run, second: number, crcBefore: number): number {
    // This loop runs for every age at every scrape, so it reads fields into constants first.
    const starts = this.#starts;
    const groupStarts = this.#groupStarts;
    const groupOffsets = this.#groupOffsets;
    const crcs = this.#crcs;
    const shifts = this.#shifts;
    const end = Math.min(firstGap + RUN_LINES, starts.length);
    const runOffset = start * BITS_PER_BYTE;
    let crc = crcBefore;
    for (let gap = firstGap; gap < end; gap++) {
      let value = second - (groupStarts[gap] ?? 0);
      if (!(value >= 0 && value < GROUP)) value = this.#writeHighDigits(gap, runOffset, second);
      const { codes, crcs: groupCrcs } = groupStarts[gap] === starts[gap] ? WHOLE_AGE : LAST_DIGITS;
      WRITER.overwrite(runOffset + (groupOffsets[gap] ?? 0), codes[value] ?? 0);
      const shift = shifts[gap];
      if (shift) crc = combineWithTable(crc, (crcs[gap] ?? 0) ^ (groupCrcs[value] ?? 0), shift);
    }
    return crc;
  }

  /**
   * Writes the digits before an age's last group. They change every 1000 seconds.
   *
   * @returns the number that the last group shows
   */
  #writeHighDigits(gap: number, runOffset: number, second: number): number {
    const start = this.#starts[gap] ?? 0;
    const age = ageAt(second, start);
    const high = Math.floor(age / GROUP);
    const low = age - high * GROUP;
    this.#groupStarts[gap] = start + high * GROUP;
    let crc = this.#gaps.crcs[gap] ?? 0;
    if (high > 0) {
      const digits = String(high);
      let offset = runOffset + (this.#groupOffsets[gap] ?? 0) - digits.length * DIGIT_BITS;
      for (const digit of digits) {
        const value = Number(digit);
        WRITER.overwrite(offset, WHOLE_AGE.codes[value] ?? 0);
        crc = combineWithTable(crc, WHOLE_AGE.crcs[value] ?? 0, shiftTable(1));
        offset += DIGIT_BITS;
      }
    }
    const groupLength = high > 0 ? GROUP_DIGITS : digitsOf(low);
    this.#crcs[gap] = combineWithTable(crc, 0, shiftTable(groupLength));
    return low;
  }
}
