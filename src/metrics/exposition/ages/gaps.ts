import { crc32 } from 'node:zlib';
import { MAX_DIGITS } from './digits.ts';
import { LONGEST_DISTANCE, LONGEST_MATCH, literalCodes, SHORTEST_MATCH } from './huffman-codes.ts';

/**
 * The constant text around the ages, prepared for deflating. A gap is the text between two ages. The first
 * gap is the first line up to its age, each further gap is a newline and the next line up to its age, and the
 * last gap is the final newline. Two neighbouring gaps mostly differ only in the user's name. So a gap is
 * written as a match with the start of the gap before it, then literals, then a match with the end of the gap
 * before it.
 *
 * All fields are arrays with one entry for each gap, since 100,000 objects would take several times the
 * memory.
 */
export class Gaps {
  /** End offset of the gap in the constant text, in bytes, exclusive. */
  readonly ends: Uint32Array;
  /** Lengths of the matches with the start and with the end of the gap before; 0 means no match. */
  readonly heads: Uint16Array;
  readonly tails: Uint16Array;
  /** CRC of the gap's text, as a signed integer. */
  readonly crcs: Int32Array;
  /** Codes of the literals of all gaps, and for each gap the end offset of its literals. */
  readonly literals: Uint32Array;
  readonly literalEnds: Uint32Array;

  /**
   * @param bytes the constant text: all gaps, one after the other
   * @param ends the end offset of each gap
   */
  constructor(bytes: Uint8Array, ends: Uint32Array) {
    this.ends = ends;
    this.heads = new Uint16Array(this.count);
    this.tails = new Uint16Array(this.count);
    this.crcs = new Int32Array(this.count);
    this.literalEnds = new Uint32Array(this.count);
    const literals: number[] = [];
    for (let gap = 0; gap < this.count; gap++) {
      const [start, end] = this.#range(gap);
      this.crcs[gap] = crc32(bytes.subarray(start, end));
      if (gap > 0) this.#findMatches(bytes, gap);
      const from = start + (this.heads[gap] ?? 0);
      const to = end - (this.tails[gap] ?? 0);
      for (const code of literalCodes(bytes.subarray(from, to))) literals.push(code);
      this.literalEnds[gap] = literals.length;
    }
    this.literals = Uint32Array.from(literals);
  }

  get count(): number {
    return this.ends.length;
  }

  #range(gap: number): readonly [start: number, end: number] {
    return [this.ends[gap - 1] ?? 0, this.ends[gap] ?? 0];
  }

  #findMatches(bytes: Uint8Array, gap: number): void {
    const [previousStart, start] = this.#range(gap - 1);
    const [, end] = this.#range(gap);
    // In the written text, an age of unknown length stands between the two gaps.
    const longestDistance = Math.max(start - previousStart, end - start) + MAX_DIGITS;
    if (longestDistance > LONGEST_DISTANCE) return;
    const shorter = Math.min(start - previousStart, end - start);
    const longestHead = Math.min(shorter, LONGEST_MATCH);
    let head = 0;
    while (head < longestHead && bytes[start + head] === bytes[previousStart + head]) head++;
    if (head < SHORTEST_MATCH) head = 0;
    const longestTail = Math.min(shorter - head, LONGEST_MATCH);
    let tail = 0;
    while (tail < longestTail && bytes[end - 1 - tail] === bytes[start - 1 - tail]) tail++;
    if (tail < SHORTEST_MATCH) tail = 0;
    this.heads[gap] = head;
    this.tails[gap] = tail;
  }
}
