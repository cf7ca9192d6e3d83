import type { AnyMetric } from '../metric.ts';
import { type Block, Piece } from './block.ts';
import { type Format, familyHeader } from './format.ts';
import { joined, type Segment } from './segment.ts';

/** A family with samples; the same object as long as its blocks are. */
export class Family {
  readonly #metric: AnyMetric;
  readonly #blocks: readonly Block[];
  readonly #headers = new Map<Format, Piece>();
  /** The whole family deflated, in one piece of memory; of ages nothing is kept. */
  readonly #segments = new Map<Format, Promise<Segment>>();

  constructor(metric: AnyMetric, blocks: readonly Block[]) {
    this.#metric = metric;
    this.#blocks = blocks;
  }

  holds(blocks: readonly Block[]): boolean {
    return (
      blocks.length === this.#blocks.length &&
      blocks.every((block, index) => block === this.#blocks[index])
    );
  }

  /** Has ages ready for a second since the epoch. Yields where it may be interrupted. */
  *prepare(second: number): Generator<undefined, void> {
    if (!this.#metric.isAge) return;
    for (const block of this.#blocks) {
      block.at(second);
      yield;
    }
  }

  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const { text } of this.#pieces(format, second)) yield text;
  }

  segment(format: Format, second: number): Promise<Segment> {
    if (this.#metric.isAge) return segmentOf(this.#pieces(format, second));
    const known = this.#segments.get(format) ?? segmentOf(this.#pieces(format, second));
    this.#segments.set(format, known);
    return known;
  }

  #pieces(format: Format, second: number): readonly Piece[] {
    return [this.#header(format), ...this.#blocks.map((block) => block.at(second))];
  }

  #header(format: Format): Piece {
    const known =
      this.#headers.get(format) ?? new Piece(Buffer.from(familyHeader(this.#metric, format)));
    this.#headers.set(format, known);
    return known;
  }
}

async function segmentOf(pieces: readonly Piece[]): Promise<Segment> {
  return joined(await Promise.all(pieces.map((piece) => piece.segment())));
}
