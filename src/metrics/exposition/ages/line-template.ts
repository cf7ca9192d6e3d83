import { ownCopy } from '../text-bytes.ts';
import { Gaps } from './gaps.ts';

const NEWLINE_BYTES = 1;

/** The lines of a block without their ages. Blocks with the same lines and other start times share one template. */
export class LineTemplate {
  /** All lines without their ages, each with its newline. */
  readonly text: Buffer;
  /** Offsets in the text at which the ages belong, and the text's length as the last entry. */
  readonly ends: Uint32Array;
  #gaps: Gaps | undefined;

  /**
   * @param text all lines without their ages
   * @param lengths of each line, the bytes before its age; a newline follows the age
   */
  constructor(text: Uint8Array, lengths: readonly number[]) {
    this.text = ownCopy(text);
    this.ends = endsOf(lengths);
  }

  /** Computed at the first use, since most exporters are never asked for both plain and gzip answers. */
  get gaps(): Gaps {
    this.#gaps ??= new Gaps(this.text, this.ends);
    return this.#gaps;
  }
}

function endsOf(lengths: readonly number[]): Uint32Array {
  const ends = new Uint32Array(lengths.length + 1);
  let start = 0;
  for (const [line, length] of lengths.entries()) {
    ends[line] = start + length;
    start += length + NEWLINE_BYTES;
  }
  ends[lengths.length] = start;
  return ends;
}
