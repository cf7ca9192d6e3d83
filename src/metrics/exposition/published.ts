import type { Family } from './family.ts';
import type { Encoding, Format } from './format.ts';
import type { Segment } from './segment.ts';

/** Per-user and per-session series exposed, and those left out by the cap. */
export interface SeriesCount {
  readonly exposed: number;
  readonly dropped: number;
}

/** The fleet's exposition as a scrape finds it, until the next change; the ages in it move on. */
export class Published {
  readonly series: SeriesCount;
  readonly #families: readonly Family[];

  constructor(families: readonly Family[], series: SeriesCount) {
    this.#families = families;
    this.series = series;
  }

  /** Has the ages ready for a second since the epoch. Yields where it may be interrupted. */
  *prepare(encoding: Encoding, second: number): Generator<undefined, void> {
    for (const family of this.#families) yield* family.prepare(encoding, second);
  }

  /** The text as of a second since the epoch. */
  *text(format: Format, second: number): Generator<Uint8Array> {
    for (const family of this.#families) yield* family.text(format, second);
  }

  /** The same, deflated. */
  segments(format: Format, second: number): Promise<readonly Segment[]> {
    return Promise.all(this.#families.map((family) => family.segment(format, second)));
  }
}
