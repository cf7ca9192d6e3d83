import { deflated, type Segment } from './segment.ts';

/** A text to be written as it is or deflated, which is done once, when first asked for. */
export class Piece {
  readonly text: Uint8Array;
  #segment: Promise<Segment> | undefined;

  constructor(text: Uint8Array) {
    this.text = text;
  }

  segment(): Promise<Segment> {
    this.#segment ??= deflated(this.text);
    return this.#segment;
  }
}

/** Some of a family's sample lines, about a thousand: what is rendered, and deflated, at once. */
export interface Block {
  /** The lines as of a second since the epoch. */
  at(second: number): Piece;
}

/** Lines that stay as they are. */
export class FixedBlock implements Block {
  readonly #piece: Piece;

  constructor(text: Uint8Array) {
    this.#piece = new Piece(text);
  }

  at(): Piece {
    return this.#piece;
  }

  holds(text: Uint8Array): boolean {
    return Buffer.compare(this.#piece.text, text) === 0;
  }
}
