import { type Clock, SECOND } from '../clock.ts';

/**
 * Translates between monotonic times of this process and times in stored data. Stored times are seconds since
 * the epoch by the wall clock of the moment of writing, because monotonic times mean nothing to another process.
 *
 * The age that data had when it was written never shrinks: only the time since the writing is taken from the
 * wall clock, and a clock that went back makes that 0. So nothing becomes fresher than it was.
 */
export class StoredTimes {
  readonly writtenAt: number;
  /** Whether the wall clock tells how long ago the data was written. False when it has gone back since. */
  readonly isDowntimeKnown: boolean;
  readonly #writtenMonotonic: number;

  /** @param writtenAt when the data was written, in seconds since the epoch. @default now */
  constructor(clock: Clock, writtenAt = clock.now() / SECOND) {
    const since = clock.now() - writtenAt * SECOND;
    this.writtenAt = writtenAt;
    this.isDowntimeKnown = since >= 0;
    this.#writtenMonotonic = clock.monotonic() - Math.max(0, since);
  }

  /** Rounded to milliseconds, which keeps files small. */
  toStored(monotonic: number): number {
    const age = this.#writtenMonotonic - monotonic;
    return Math.round(this.writtenAt * SECOND - age) / SECOND;
  }

  /** Negative for a moment before this process began. */
  toMonotonic(stored: number): number {
    return this.#writtenMonotonic - Math.max(0, this.writtenAt - stored) * SECOND;
  }
}
