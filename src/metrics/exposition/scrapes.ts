import { type Clock, inSlices, SECOND } from '../../clock.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { FixedBlock } from './block.ts';
import type { FleetExposition } from './exposition.ts';
import { ENDS, type Encoding, type Format } from './format.ts';
import type { Published, SeriesCount } from './published.ts';
import { GZIP_HEADER, gzipTrailer, type SegmentSums } from './segment.ts';

interface FleetPart {
  readonly pieces: Uint8Array[];
  readonly series: SeriesCount;
  /** The sums of the segments among the pieces; empty without gzip. */
  readonly sums: readonly SegmentSums[];
}

/** Collects the pieces of all parts of an answer. */
export async function piecesOf(parts: AsyncIterable<readonly Uint8Array[]>): Promise<Uint8Array[]> {
  const all: (readonly Uint8Array[])[] = [];
  for await (const pieces of parts) all.push(pieces);
  return all.flat();
}

/** Answers scrapes with the metrics of the fleet and of the exporter. Concurrent scrapes share one refresh. */
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
   * Yields the body of a scrape in two parts, each a list of pieces. The caller writes them in order and must
   * not change their bytes. The exporter's own metrics, which are most of the work in a small fleet, are
   * rendered while the scraper receives the fleet's metrics.
   *
   * Between the parts, this method refers only to the list of pieces that it yielded. A caller that removes
   * written pieces from the list frees them, so a slow scraper does not keep an outdated exposition in memory.
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
    await inSlices(this.#clock, published.prepare(format, encoding, second));
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

  /** @param series the numbers of this scrape; another scrape may have started since */
  async #own(format: Format, series: SeriesCount): Promise<FixedBlock> {
    this.#self.exposed(series);
    return new FixedBlock(Buffer.from((await this.#self.text(format)) + ENDS[format]));
  }

  /** Starts a refresh, or joins the one that is running. */
  #refreshed(): Promise<Published> {
    this.#refreshing ??= inSlices(this.#clock, this.#exposition.refresh()).finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }
}
