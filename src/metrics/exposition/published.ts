import { areSame } from '../are-same.ts';
import type { AnyMetric } from '../metric.ts';
import { type Block, FixedBlock } from './block.ts';
import { type Encoding, type Format, familyHeader, withCanonicalBounds } from './format.ts';
import { joined, type Segment } from './segment.ts';

/**
 * Numbers of per-user and per-session series: those that are exposed, and those for which the limit left no
 * room.
 */
export interface SeriesCount {
  readonly exposed: number;
  readonly dropped: number;
}

/** For each block of a histogram, the block with its lines in OpenMetrics. It is kept while the block is. */
const IN_OPEN_METRICS = new WeakMap<Block, Block>();

/** The content of scrapes until something changes. Only the ages in it depend on the time of the scrape. */
export class Published {
  readonly series: SeriesCount;
  readonly #families: readonly Family[];

  constructor(families: readonly Family[], series: SeriesCount) {
    this.#families = families;
    this.series = series;
  }

  /**
   * Computes the ages for a second since the epoch, and what else takes time. Yields where it may be
   * interrupted.
   */
  *prepare(format: Format, encoding: Encoding, second: number): Generator<undefined, void> {
    for (const family of this.#families) yield* family.prepare(format, encoding, second);
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

  *prepare(format: Format, encoding: Encoding, second: number): Generator<undefined, void> {
    const { isAge, type } = this.#metric;
    if (!isAge && type !== 'histogram') return;
    for (const block of this.#blocks) {
      const formatted = this.#inFormat(block, format);
      if (encoding === 'gzip') formatted.segment(second);
      else formatted.text(second);
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
    return [header, ...this.#blocks.map((block) => this.#inFormat(block, format))];
  }

  #inFormat(block: Block, format: Format): Block {
    if (this.#metric.type !== 'histogram' || format === 'text') return block;
    const made = IN_OPEN_METRICS.get(block) ?? inOpenMetrics(block);
    IN_OPEN_METRICS.set(block, made);
    return made;
  }
}

/** @param block of a histogram, whose text does not depend on the second */
function inOpenMetrics(block: Block): Block {
  const text = Buffer.from(block.text(0)).toString();
  return new FixedBlock(Buffer.from(withCanonicalBounds(text)));
}

async function segmentOf(blocks: readonly Block[], second: number): Promise<Segment> {
  return joined(await Promise.all(blocks.map((block) => block.segment(second))));
}
