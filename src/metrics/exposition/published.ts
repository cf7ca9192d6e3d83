import { areSame } from '../are-same.ts';
import type { AnyMetric } from '../metric.ts';
import { type Block, FixedBlock } from './block.ts';
import { type Encoding, type Format, familyHeader } from './format.ts';
import { joined, type Segment } from './segment.ts';

/**
 * Numbers of per-user and per-session series: those that are exposed, and those for which the limit left no
 * room.
 */
export interface SeriesCount {
  readonly exposed: number;
  readonly dropped: number;
}

/** The content of scrapes until something changes. Only the ages in it depend on the time of the scrape. */
export class Published {
  readonly series: SeriesCount;
  readonly #families: readonly Family[];

  constructor(families: readonly Family[], series: SeriesCount) {
    this.#families = families;
    this.series = series;
  }

  /** Computes the ages for a second since the epoch. Yields where it may be interrupted. */
  *prepare(encoding: Encoding, second: number): Generator<undefined, void> {
    for (const family of this.#families) yield* family.prepare(encoding, second);
  }

  /** Returns the text for a second since the epoch. */
  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const family of this.#families) yield* family.text(format, second);
  }

  segments(format: Format, second: number): Promise<readonly Segment[]> {
    return Promise.all(this.#families.map((family) => family.segment(format, second)));
  }
}

export class Family {
  readonly #metric: AnyMetric;
  readonly #blocks: readonly Block[];
  readonly #headers = new Map<Format, FixedBlock>();
  /** The whole family deflated, in one piece of memory. Ages are not kept here, because they change each second. */
  readonly #segments = new Map<Format, Promise<Segment>>();

  constructor(metric: AnyMetric, blocks: readonly Block[]) {
    this.#metric = metric;
    this.#blocks = blocks;
  }

  holds(blocks: readonly Block[]): boolean {
    return areSame(blocks, this.#blocks);
  }

  *prepare(encoding: Encoding, second: number): Generator<undefined, void> {
    if (!this.#metric.isAge) return;
    for (const block of this.#blocks) {
      if (encoding === 'gzip') block.segment(second);
      else block.text(second);
      yield;
    }
  }

  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const block of this.#withHeader(format)) yield block.text(second);
  }

  segment(format: Format, second: number): Promise<Segment> {
    if (this.#metric.isAge) return segmentOf(this.#withHeader(format), second);
    const segment = this.#segments.get(format) ?? segmentOf(this.#withHeader(format), second);
    this.#segments.set(format, segment);
    return segment;
  }

  #withHeader(format: Format): readonly Block[] {
    const header =
      this.#headers.get(format) ?? new FixedBlock(Buffer.from(familyHeader(this.#metric, format)));
    this.#headers.set(format, header);
    return [header, ...this.#blocks];
  }
}

async function segmentOf(blocks: readonly Block[], second: number): Promise<Segment> {
  return joined(await Promise.all(blocks.map((block) => block.segment(second))));
}
