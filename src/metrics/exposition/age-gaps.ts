import { crc32 } from 'node:zlib';
import { LONGEST_DISTANCE, LONGEST_MATCH, literalCodes, SHORTEST_MATCH } from './fixed-codes.ts';

/** Digits of the largest safe integer. */
export const MOST_DIGITS = 16;

/**
 * What stands before, between and after the values of lines: the first line up to its value, then a
 * newline with the next one up to its own, at last a newline. Of each gap, all that deflating needs.
 */
export class AgeGaps {
  /** Where each ends. */
  readonly ends: Uint32Array;
  /** How many bytes at its begin are those of the gap before, and how many others at its end. */
  readonly heads: Uint16Array;
  readonly tails: Uint16Array;
  /** As signed integers. */
  readonly crcs: Int32Array;
  /** The codes of the bytes between them, of all gaps; and by gap, where its own end. */
  readonly literals: Uint32Array;
  readonly literalEnds: Uint32Array;

  /**
   * @param bytes the gaps, one after the other
   * @param ends where each ends
   */
  constructor(bytes: Uint8Array, ends: Uint32Array) {
    this.ends = ends;
    this.heads = new Uint16Array(this.count);
    this.tails = new Uint16Array(this.count);
    this.crcs = new Int32Array(this.count);
    this.literalEnds = new Uint32Array(this.count);
    const literals: number[] = [];
    for (let gap = 0; gap < this.count; gap++) {
      const [start, end] = this.#span(gap);
      this.crcs[gap] = crc32(bytes.subarray(start, end));
      if (gap > 0) this.#compare(bytes, gap);
      const between = [start + (this.heads[gap] ?? 0), end - (this.tails[gap] ?? 0)] as const;
      for (const code of literalCodes(bytes.subarray(...between))) literals.push(code);
      this.literalEnds[gap] = literals.length;
    }
    this.literals = Uint32Array.from(literals);
  }

  get count(): number {
    return this.ends.length;
  }

  #span(gap: number): readonly [start: number, end: number] {
    return [this.ends[gap - 1] ?? 0, this.ends[gap] ?? 0];
  }

  #compare(bytes: Uint8Array, gap: number): void {
    const [last, start] = this.#span(gap - 1);
    const [, end] = this.#span(gap);
    // A value lies between them.
    const furthest = Math.max(start - last, end - start) + MOST_DIGITS;
    if (furthest > LONGEST_DISTANCE) return;
    const most = Math.min(start - last, end - start);
    const mostHead = Math.min(most, LONGEST_MATCH);
    let head = 0;
    while (head < mostHead && bytes[start + head] === bytes[last + head]) head++;
    if (head < SHORTEST_MATCH) head = 0;
    const mostTail = Math.min(most - head, LONGEST_MATCH);
    let tail = 0;
    while (tail < mostTail && bytes[end - 1 - tail] === bytes[start - 1 - tail]) tail++;
    if (tail < SHORTEST_MATCH) tail = 0;
    this.heads[gap] = head;
    this.tails[gap] = tail;
  }
}
