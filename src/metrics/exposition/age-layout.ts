import { AgeGaps } from './age-gaps.ts';
import { ownCopy } from './own-copy.ts';

const NEWLINE_BYTES = 1;

/** Lines of ages but for the values; blocks of the same lines at other times share it. */
export class AgeLayout {
  /** All lines, one after the other. */
  readonly constant: Buffer;
  /** Where in it the values belong; and its end. */
  readonly ends: Uint32Array;
  #gaps: AgeGaps | undefined;

  /**
   * @param constant all lines without their values
   * @param lengths by line, bytes before its value, behind which only a newline follows
   */
  constructor(constant: Uint8Array, lengths: readonly number[]) {
    this.constant = ownCopy(constant);
    this.ends = endsOf(lengths);
  }

  /** What deflating needs; found when that is first asked for. */
  get gaps(): AgeGaps {
    this.#gaps ??= new AgeGaps(this.constant, this.ends);
    return this.#gaps;
  }
}

function endsOf(lengths: readonly number[]): Uint32Array {
  const ends = new Uint32Array(lengths.length + 1);
  let begin = 0;
  for (const [index, length] of lengths.entries()) {
    ends[index] = begin + length;
    begin += length + NEWLINE_BYTES;
  }
  ends[lengths.length] = begin;
  return ends;
}
