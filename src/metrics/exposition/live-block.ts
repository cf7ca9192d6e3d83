import { ageAt } from './age-digits.ts';
import { MOST_DIGITS } from './age-gaps.ts';
import { AgeLayout } from './age-layout.ts';
import { AgeSegments } from './age-segments.ts';
import type { Block } from './block.ts';
import type { Segment } from './segment.ts';

/** Lines whose values are ages. */
export interface AgeLines {
  /** All lines without their values. */
  readonly constant: Uint8Array;
  /** By line: bytes before its value, behind which only a newline follows. */
  readonly lengths: readonly number[];
  /** By line: what its age counts from, in seconds since the epoch. */
  readonly since: readonly number[];
}

/** Lines of ages in whole seconds, never negative: another text with each second. */
export class LiveBlock implements Block {
  readonly #layout: AgeLayout;
  /** What the ages count from, in whole seconds: they are whole, and so begin with one. */
  readonly #starts: Float64Array;
  #segments: AgeSegments | undefined;
  /** Made once a second: whoever asks meanwhile gets the same. */
  #text: Timed<Uint8Array> | undefined;
  #segment: Timed<Segment> | undefined;

  private constructor(layout: AgeLayout, since: readonly number[]) {
    this.#layout = layout;
    this.#starts = Float64Array.from(since, Math.ceil);
  }

  /**
   * The block of some lines: the one before where they are its own; where only times differ, another with
   * what was found of it.
   */
  static of({ constant, lengths, since }: AgeLines, before?: LiveBlock): LiveBlock {
    const known = before === undefined ? undefined : before.#layout;
    // With the names in it escaped, the constant text tells where its lines end, too.
    const layout = known?.constant.equals(constant) ? known : new AgeLayout(constant, lengths);
    const block = new LiveBlock(layout, since);
    return before !== undefined && layout === known && before.#startsAt(block.#starts)
      ? before
      : block;
  }

  text(second: number): Uint8Array {
    if (this.#text?.second !== second) this.#text = { second, made: this.#composed(second) };
    return this.#text.made;
  }

  segment(second: number): Segment {
    if (this.#segment?.second !== second) {
      // A text is large, and most scrapers never ask for another.
      this.#text = undefined;
      this.#segments ??= new AgeSegments(this.#layout.gaps, this.#starts);
      this.#segment = { second, made: this.#segments.at(second) };
    }
    return this.#segment.made;
  }

  #startsAt(starts: Float64Array): boolean {
    return this.#starts.every((one, index) => one === starts[index]);
  }

  #composed(second: number): Uint8Array {
    const { constant, ends } = this.#layout;
    const text = Buffer.allocUnsafe(constant.length + MOST_DIGITS * this.#starts.length);
    let from = 0;
    let at = 0;
    for (const [index, end] of ends.entries()) {
      at += constant.copy(text, at, from, end);
      from = end;
      const start = this.#starts[index];
      if (start !== undefined) at += text.write(String(ageAt(second, start)), at, 'latin1');
    }
    return text.subarray(0, at);
  }
}

/** What was made for a second since the epoch. */
interface Timed<Made> {
  readonly second: number;
  readonly made: Made;
}
