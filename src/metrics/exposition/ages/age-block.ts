import type { Block } from '../block.ts';
import type { Segment } from '../segment.ts';
import { AgeDeflater } from './age-deflater.ts';
import { ageAt, MAX_DIGITS } from './digits.ts';
import { LineTemplate } from './line-template.ts';

export interface AgeLines {
  /** All lines without their values, each with its newline. */
  readonly constant: Uint8Array;
  /** For each line, the number of bytes before its value; a newline follows the value. */
  readonly lengths: readonly number[];
  /** For each line, the time from which its age counts, in seconds since the epoch. */
  readonly since: readonly number[];
}

/** A block of lines whose values are ages in whole seconds, never negative. The text changes every second. */
export class AgeBlock implements Block {
  readonly #template: LineTemplate;
  /** Start times in whole seconds, rounded up: an age is a whole second only once that second has passed. */
  readonly #starts: Float64Array;
  #deflater: AgeDeflater | undefined;
  /** Scrapes within one second share one text and one segment. */
  #text: Timed<Uint8Array> | undefined;
  #segment: Timed<Segment> | undefined;

  private constructor(template: LineTemplate, since: readonly number[]) {
    this.#template = template;
    this.#starts = Float64Array.from(since, Math.ceil);
  }

  /**
   * Returns the block of these lines. Returns the previous block when nothing changed, and reuses its
   * template when only start times changed.
   */
  static of({ constant, lengths, since }: AgeLines, previous?: AgeBlock): AgeBlock {
    const known = previous === undefined ? undefined : previous.#template;
    // Names in the text are escaped, so equal texts also have their ages at the same places.
    const template = known?.text.equals(constant) ? known : new LineTemplate(constant, lengths);
    const block = new AgeBlock(template, since);
    return previous !== undefined && template === known && previous.#startsAt(block.#starts)
      ? previous
      : block;
  }

  text(second: number): Uint8Array {
    if (this.#text?.second !== second) this.#text = { second, value: this.#textAt(second) };
    return this.#text.value;
  }

  segment(second: number): Segment {
    if (this.#segment?.second !== second) {
      // Releases the plain text, which is large: a scraper that asks for gzip does not ask for plain text as well.
      this.#text = undefined;
      this.#deflater ??= new AgeDeflater(this.#template.gaps, this.#starts);
      this.#segment = { second, value: this.#deflater.at(second) };
    }
    return this.#segment.value;
  }

  #startsAt(starts: Float64Array): boolean {
    return this.#starts.every((start, line) => start === starts[line]);
  }

  #textAt(second: number): Uint8Array {
    const { text: constant, ends } = this.#template;
    const text = Buffer.allocUnsafe(constant.length + MAX_DIGITS * this.#starts.length);
    let from = 0;
    let length = 0;
    for (const [gap, end] of ends.entries()) {
      length += constant.copy(text, length, from, end);
      from = end;
      const start = this.#starts[gap];
      if (start !== undefined) length += text.write(String(ageAt(second, start)), length, 'latin1');
    }
    return text.subarray(0, length);
  }
}

/** A value that was computed for one second, counted since the epoch. */
interface Timed<Value> {
  readonly second: number;
  readonly value: Value;
}
