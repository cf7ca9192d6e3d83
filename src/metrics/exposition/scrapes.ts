import { type Clock, inSlices, SECOND } from '../../clock.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { FixedBlock } from './block.ts';
import type { FleetExposition } from './exposition.ts';
import { ENDS, type Encoding, type Format } from './format.ts';
import type { Published, SeriesCount } from './published.ts';
import { GZIP_HEADER, gzipTrailer } from './segment.ts';

/** All pieces of an answer at once, for who cannot pass it on part by part. */
export async function piecesOf(
  parts: AsyncIterable<readonly Uint8Array[]>,
): Promise<readonly Uint8Array[]> {
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
   */
  async *answer(format: Format, encoding: Encoding): AsyncGenerator<readonly Uint8Array[], void> {
    const published = await this.#refreshed();
    const second = Math.floor(this.#clock.now() / SECOND);
    await inSlices(this.#clock, published.prepare(encoding, second));
    if (encoding === 'identity') {
      yield [...published.text(format, second)];
      yield [(await this.#own(format, published.series)).text()];
      return;
    }
    const fleet = await published.segments(format, second);
    yield [GZIP_HEADER, ...fleet.map(({ deflated }) => deflated)];
    const own = await (await this.#own(format, published.series)).segment();
    yield [own.deflated, ...gzipTrailer([...fleet, own])];
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
