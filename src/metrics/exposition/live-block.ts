import { AgeGaps, MOST_DIGITS } from './age-gaps.ts';
import { ageSegment } from './age-segment.ts';
import type { Block } from './block.ts';
import type { Segment } from './segment.ts';

const NEWLINE = '\n';

/** A line whose value is an age: what stands before it, and what it counts from (seconds since the epoch). */
export interface AgeLine {
  readonly prefix: string;
  readonly since: number;
}

/** Lines of ages in whole seconds, never negative: another text with each second. */
export class LiveBlock implements Block {
  readonly #since: Float64Array;
  /** All but the values. */
  readonly #constant: Buffer;
  /** Where in it the values belong; and its end. */
  readonly #ends: Uint32Array;
  /** Found when first deflated. */
  #gaps: AgeGaps | undefined;
  /** Made once a second: whoever asks meanwhile gets the same. */
  #text: Timed<Uint8Array> | undefined;
  #segment: Timed<Segment> | undefined;

  constructor(lines: readonly AgeLine[]) {
    this.#since = Float64Array.from(lines, ({ since }) => since);
    this.#constant = Buffer.from(lines.map(({ prefix }) => prefix + NEWLINE).join(''));
    this.#ends = new Uint32Array(lines.length + 1);
    let end = 0;
    for (const [index, { prefix }] of lines.entries()) {
      end += Buffer.byteLength(prefix);
      this.#ends[index] = end;
      end += NEWLINE.length;
    }
    this.#ends[lines.length] = end;
  }

  text(second: number): Uint8Array {
    if (this.#text?.second !== second) this.#text = { second, made: this.#composed(second) };
    return this.#text.made;
  }

  segment(second: number): Segment {
    if (this.#segment?.second !== second) {
      // A text is large, and most scrapers never ask for another.
      this.#text = undefined;
      this.#gaps ??= new AgeGaps(this.#constant, this.#ends);
      this.#segment = { second, made: ageSegment(this.#gaps, this.#agesAt(second)) };
    }
    return this.#segment.made;
  }

  /** Whether the block is of the same lines. */
  isAs(other: LiveBlock): boolean {
    return (
      this.#constant.equals(other.#constant) &&
      Buffer.compare(bytesOf(this.#ends), bytesOf(other.#ends)) === 0 &&
      Buffer.compare(bytesOf(this.#since), bytesOf(other.#since)) === 0
    );
  }

  #agesAt(second: number): Float64Array {
    return this.#since.map((since) => Math.max(0, Math.floor(second - since)));
  }

  #composed(second: number): Uint8Array {
    const ages = this.#agesAt(second);
    const text = Buffer.allocUnsafe(this.#constant.length + MOST_DIGITS * ages.length);
    let from = 0;
    let at = 0;
    for (const [index, end] of this.#ends.entries()) {
      at += this.#constant.copy(text, at, from, end);
      from = end;
      const age = ages[index];
      if (age !== undefined) at += text.write(String(age), at, 'latin1');
    }
    return text.subarray(0, at);
  }
}

/** What was made for a second since the epoch. */
interface Timed<Made> {
  readonly second: number;
  readonly made: Made;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
