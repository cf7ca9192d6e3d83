import type { AnyMetric } from '../metric.ts';
import { areSame } from './are-same.ts';
import { type Block, FixedBlock } from './block.ts';
import { type Encoding, type Format, familyHeader } from './format.ts';
import { joined, type Segment } from './segment.ts';

/** A family with samples; the same object as long as its blocks are. */
export class Family {
  readonly #metric: AnyMetric;
  readonly #blocks: readonly Block[];
  readonly #headers = new Map<Format, FixedBlock>();
  /** The whole family deflated, in one piece of memory; of ages nothing is kept. */
  readonly #segments = new Map<Format, Promise<Segment>>();

  constructor(metric: AnyMetric, blocks: readonly Block[]) {
    this.#metric = metric;
    this.#blocks = blocks;
  }

  holds(blocks: readonly Block[]): boolean {
    return areSame(blocks, this.#blocks);
  }

  /** Has ages ready for a second since the epoch. Yields where it may be interrupted. */
  *prepare(encoding: Encoding, second: number): Generator<undefined, void> {
    if (!this.#metric.isAge) return;
    for (const block of this.#blocks) {
      if (encoding === 'gzip') block.segment(second);
      else block.text(second);
      yield;
    }
  }

  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const block of this.#all(format)) yield block.text(second);
  }

  segment(format: Format, second: number): Promise<Segment> {
    if (this.#metric.isAge) return segmentOf(this.#all(format), second);
    const known = this.#segments.get(format) ?? segmentOf(this.#all(format), second);
    this.#segments.set(format, known);
    return known;
  }

  /** The header is a block too. */
  #all(format: Format): readonly Block[] {
    const header =
      this.#headers.get(format) ?? new FixedBlock(Buffer.from(familyHeader(this.#metric, format)));
    this.#headers.set(format, header);
    return [header, ...this.#blocks];
  }
}

async function segmentOf(blocks: readonly Block[], second: number): Promise<Segment> {
  return joined(await Promise.all(blocks.map((block) => block.segment(second))));
}
