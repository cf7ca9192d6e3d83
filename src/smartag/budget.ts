import { type Clock, SECOND, sleep } from '../clock.ts';

/**
 * How far calls may run ahead of, or catch up with, their even spacing: 5 % of a second's calls.
 * It absorbs late timers, so that the whole rate is used, and keeps any one second below 110 %.
 */
const SLACK = 0.05 * SECOND;

/**
 * Lets calls through at a rate, evenly spaced (the generic cell rate algorithm: one moment, the next
 * call's, instead of a bucket that must be filled). One taker at a time.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #rate: number;
  #next = Number.NEGATIVE_INFINITY;

  /** @param rate calls per second, above 0; fractions allowed */
  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Calls per second now allowed. */
  get rate(): number {
    return this.#rate;
  }

  /**
   * Resolves when the next call may be sent.
   *
   * @throws the signal's reason when it aborts
   */
  async take(signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    const at = Math.max(this.#next, now - SLACK);
    this.#next = at + SECOND / this.#rate;
    if (at > now) await sleep(this.#clock, at - now, signal);
  }
}
