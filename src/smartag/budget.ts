import { type Clock, SECOND, sleep } from '../clock.ts';

/** A second holds at most so many times the rate, or the rate rounded up where that is more. */
const MOST_OF_RATE = 1.1;

/** How far calls may run ahead of, or catch up with, their even spacing: 5 % of a second's calls. */
const MOST_SLACK = 0.05 * SECOND;

/**
 * Lets calls through at a rate, evenly spaced (the generic cell rate algorithm: one moment, the next
 * call's, instead of a bucket that must be filled). One taker at a time: it waits until the budget is
 * `ready`, and spends when it sends, which may be later.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #rate: number;
  /** Absorbs late timers, so that the whole rate is used. */
  readonly #slack: number;
  #next = Number.NEGATIVE_INFINITY;

  /** @param rate calls per second, above 0; fractions allowed */
  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
    this.#slack = slackOf(rate);
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
  async ready(signal: AbortSignal): Promise<void> {
    const wait = this.#next - this.#clock.monotonic();
    if (wait > 0) await sleep(this.#clock, wait, signal);
  }

  /** A call is sent now. */
  spend(): void {
    const at = Math.max(this.#next, this.#clock.monotonic() - this.#slack);
    this.#next = at + SECOND / this.#rate;
  }
}

/** With few calls a second a single one too early is far above the rate: then there is no slack. */
function slackOf(rate: number): number {
  const extra = Math.floor(rate * MOST_OF_RATE) - rate;
  return Math.min(MOST_SLACK, Math.max(0, (extra / rate) * SECOND));
}
