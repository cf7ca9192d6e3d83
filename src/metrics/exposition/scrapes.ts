import { type Clock, inSlices, SECOND } from '../../clock.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { FixedBlock } from './block.ts';
import type { FleetExposition } from './exposition.ts';
import { ENDS, type Encoding, type Format } from './format.ts';
import type { Published, SeriesCount } from './published.ts';
import { GZIP_HEADER, gzipTrailer, type SegmentSums } from './segment.ts';

/** The fleet's metrics in an answer. */
interface FleetPart {
  readonly pieces: Uint8Array[];
  readonly series: SeriesCount;
  /** Those of the segments among the pieces; empty when nothing is deflated. */
  readonly sums: readonly SegmentSums[];
}

/** Collects all pieces of an answer. */
export async function piecesOf(parts: AsyncIterable<readonly Uint8Array[]>): Promise<Uint8Array[]> {
  const all: (readonly Uint8Array[])[] = [];
  for await (const pieces of parts) all.push(pieces);
  return all.flat();
}

/** Answers scrapes with the fleet's metrics and the exporter's own; what many ask for at once is made once. */
export class Scrapes {
  readonly #exposition: FleetExposition;
  readonly #self: SelfMetrics;
  readonly #clock: Clock;
  #refreshing: Promise<Published> | undefined;

  constructor(exposition: FleetExposition, self: SelfMetrics, clock: Clock) {
    this.#exposition = exposition;
    this.#self = self;
    this.#clock = clock;
  }

  /**
   * The body of a scrape, in two parts, each of pieces to be written one after the other and not changed.
   * The exporter's own metrics are made while the scraper takes in the fleet's: with few of those, they are
   * most of the work.
   *
   * Between the parts, this method holds only those pieces of the fleet that the caller leaves in the list. So
   * a slow scraper does not keep a whole outdated exposition in memory.
   */
  async *answer(format: Format, encoding: Encoding): AsyncGenerator<Uint8Array[], void> {
    const { pieces, series, sums } = await this.#fleet(format, encoding);
    yield pieces;
    const own = await this.#own(format, series);
    if (encoding === 'identity') {
      yield [own.text()];
      return;
    }
    const segment = await own.segment();
    yield [segment.deflated, ...gzipTrailer([...sums, segment])];
  }

  async #fleet(format: Format, encoding: Encoding): Promise<FleetPart> {
    const published = await this.#refreshed();
    const { series } = published;
    const second = Math.floor(this.#clock.now() / SECOND);
    await inSlices(this.#clock, published.prepare(encoding, second));
    if (encoding === 'identity') {
      return { pieces: [...published.text(format, second)], series, sums: [] };
    }
    const segments = await published.segments(format, second);
    return {
      pieces: [GZIP_HEADER, ...segments.map(({ deflated }) => deflated)],
      series,
      sums: segments.map(({ crc, length, shift }) => ({ crc, length, shift })),
    };
  }

  /** @param series of this very scrape: others may have begun since */
  async #own(format: Format, series: SeriesCount): Promise<FixedBlock> {
    this.#self.exposed(series);
    return new FixedBlock(Buffer.from((await this.#self.text(format)) + ENDS[format]));
  }

  /** What is rendered already, or being rendered, is nobody's to wait for again. */
  #refreshed(): Promise<Published> {
    this.#refreshing ??= inSlices(this.#clock, this.#exposition.refresh()).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }
}
