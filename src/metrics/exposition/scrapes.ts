import { type Clock, inSlices, SECOND } from '../../clock.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { FixedBlock } from './block.ts';
import type { FleetExposition } from './exposition.ts';
import { ENDS, type Encoding, type Format } from './format.ts';
import type { Published } from './published.ts';
import { gzipMember } from './segment.ts';

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

  /** The body of a scrape, in pieces, to be written one after the other and not changed. */
  async answer(format: Format, encoding: Encoding): Promise<readonly Uint8Array[]> {
    const published = await this.#refreshed();
    this.#self.exposed(published.series);
    const second = Math.floor(this.#clock.now() / SECOND);
    const ready = inSlices(this.#clock, published.prepare(encoding, second));
    // At once: the exporter's own metrics wait for the event loop, to measure it.
    if (encoding === 'identity') {
      const [own] = await Promise.all([this.#own(format), ready]);
      return [...published.text(format, second), own.text()];
    }
    const [own, fleet] = await Promise.all([
      this.#own(format).then((own) => own.segment()),
      ready.then(() => published.segments(format, second)),
    ]);
    return gzipMember([...fleet, own]);
  }

  async #own(format: Format): Promise<FixedBlock> {
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
