import { deflated, type Segment } from './segment.ts';

/** About a thousand sample lines of one family, rendered and deflated together. */
export interface Block {
  /** Returns the lines for a second since the epoch. The caller must not change them. */
  text(second: number): Uint8Array;
  segment(second: number): Segment | Promise<Segment>;
}

/** The blocks of several metrics, by the metric's name. A new map replaces the old one when they change. */
export type BlocksByMetric = ReadonlyMap<string, readonly Block[]>;

/** A block whose text never changes. It is deflated when its segment is first asked for. */
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
