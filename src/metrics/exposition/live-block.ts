import { AgeGaps } from './age-gaps.ts';
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
    // One byte a character, whatever it is part of: nothing is decoded.
    const constant = this.#constant.toString('latin1');
    let text = '';
    let from = 0;
    for (const [index, age] of this.#agesAt(second).entries()) {
      const end = this.#ends[index] ?? 0;
      text += constant.slice(from, end) + age;
      from = end;
    }
    return Buffer.from(text + constant.slice(from), 'latin1');
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
