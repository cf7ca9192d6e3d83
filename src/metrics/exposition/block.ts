import { deflated, type Segment } from './segment.ts';

/** Some of a family's sample lines, about a thousand: what is rendered, and deflated, at once. */
export interface Block {
  /** The lines as of a second since the epoch; not to be changed. */
  text(second: number): Uint8Array;
  /** The same, deflated. */
  segment(second: number): Segment | Promise<Segment>;
}

/** A text that stays as it is; deflated once, when that is first asked for. */
export class FixedBlock implements Block {
  readonly #text: Uint8Array;
  #segment: Promise<Segment> | undefined;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  text(): Uint8Array {
    return this.#text;
  }

  segment(): Promise<Segment> {
    this.#segment ??= deflated(this.#text);
    return this.#segment;
  }

  holds(text: Uint8Array): boolean {
    return Buffer.compare(this.#text, text) === 0;
  }
}
