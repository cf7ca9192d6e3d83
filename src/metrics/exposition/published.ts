import type { AnyMetric } from '../metric.ts';
import { type Block, FixedBlock, type Piece } from './block.ts';
import { type Format, familyHeader } from './format.ts';
import { joined, type Segment } from './segment.ts';

/** A family with samples. */
export interface Family {
  readonly metric: AnyMetric;
  readonly blocks: readonly Block[];
}

/** Per-user and per-session series exposed, and those left out by the cap. */
export interface SeriesCount {
  readonly exposed: number;
  readonly dropped: number;
}

/** Neighbours of one kind: those that stay, or those that are others with each second. */
interface Run {
  readonly isLive: boolean;
  readonly blocks: Block[];
}

/** The fleet's exposition as a scrape finds it, until the next change; the ages in it move on. */
export class Published {
  readonly series: SeriesCount;
  readonly #families: readonly Family[];
  readonly #headers: HeaderBlocks;
  readonly #runs = new Map<Format, readonly Run[]>();
  /** Deflated runs that stay, each in one piece. */
  readonly #joined = new Map<Run, Promise<Segment>>();

  constructor(families: readonly Family[], series: SeriesCount, headers: HeaderBlocks) {
    this.#families = families;
    this.#headers = headers;
    this.series = series;
  }

  /** Has the ages ready for a second since the epoch. Yields where it may be interrupted. */
  *prepare(second: number): Generator<undefined, void> {
    for (const { blocks } of this.#families) {
      for (const block of blocks) {
        if (!block.isLive) continue;
        block.at(second);
        yield;
      }
    }
  }

  /** The text as of a second since the epoch. */
  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const { blocks } of this.#runsOf(format)) {
      for (const block of blocks) yield block.at(second).text;
    }
  }

  /** The same, deflated. Everything that is the same for many scrapes is made once. */
  async segments(format: Format, second: number): Promise<readonly Segment[]> {
    const runs = this.#runsOf(format);
    return Promise.all(
      runs.map((run) => (run.isLive ? liveSegment(run, second) : this.#fixedSegment(run, second))),
    );
  }

  #runsOf(format: Format): readonly Run[] {
    const known = this.#runs.get(format);
    if (known) return known;
    const runs: Run[] = [];
    for (const { metric, blocks } of this.#families) {
      for (const block of [this.#headers.of(metric, format), ...blocks]) {
        const run = runs.at(-1);
        if (run?.isLive === block.isLive) run.blocks.push(block);
        else runs.push({ isLive: block.isLive, blocks: [block] });
      }
    }
    this.#runs.set(format, runs);
    return runs;
  }

  #fixedSegment(run: Run, second: number): Promise<Segment> {
    const known = this.#joined.get(run) ?? joinedSegment(piecesOf(run, second));
    this.#joined.set(run, known);
    return known;
  }
}

function liveSegment(run: Run, second: number): Promise<Segment> {
  return joinedSegment(piecesOf(run, second));
}

function piecesOf({ blocks }: Run, second: number): readonly Piece[] {
  return blocks.map((block) => block.at(second));
}

async function joinedSegment(pieces: readonly Piece[]): Promise<Segment> {
  return joined(await Promise.all(pieces.map((piece) => piece.segment())));
}

/** The headers of families as blocks: they never change, so each is deflated once for all. */
export class HeaderBlocks {
  readonly #known = new Map<string, Block>();

  of(metric: AnyMetric, format: Format): Block {
    const text = familyHeader(metric, format);
    const known = this.#known.get(text) ?? new FixedBlock(Buffer.from(text));
    this.#known.set(text, known);
    return known;
  }
}
