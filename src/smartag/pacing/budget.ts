import { type Clock, SECOND } from '../../clock.ts';
import { HEADROOM } from './share.ts';

/** A second holds at most so many times the rate, or the rate rounded up where that is more. */
const MOST_OF_RATE = 1.1;

/** How far calls may run ahead of, or catch up with, their even spacing: 5 % of a second's calls. */
const MOST_SLACK = 0.05 * SECOND;

/** The same for a share of a budget: within its headroom, the rest of which is for the network. */
const SHARED_SLACK = 0.02 * SECOND;

/** What decides how fast calls are made; moments are monotonic milliseconds. */
export interface RateLaw {
  /** Calls per second now allowed, above 0; fractions allowed. */
  readonly rate: number;
  /** No call before. */
  readonly pausedUntil: number;
  sent(now: number): void;
  /** A call was answered, well or badly, but not refused. */
  accepted(sentAt: number, now: number): void;
  throttled(sentAt: number, now: number): void;
  /** The server asks for no call before `until`. */
  pauseUntil(until: number): void;
}

/** A rate that never changes; only pauses that the server asks for interrupt it. */
export function steadyRate(rate: number): RateLaw {
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    rate,
    get pausedUntil() {
      return pausedUntil;
    },
    sent() {},
    accepted() {},
    throttled() {},
    pauseUntil(until) {
      pausedUntil = Math.max(pausedUntil, until);
    },
  };
}

/**
 * Lets calls through at a rate, evenly spaced (the generic cell rate algorithm: one moment, the next
 * call's, instead of a bucket that must be filled). One taker at a time: it waits until the budget is
 * `ready`, and spends when it sends, which may be later.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #law: RateLaw;
  readonly #isShared: boolean;
  #next = Number.NEGATIVE_INFINITY;
  /** Ends the taker's wait, to have it look again. */
  #wake = (): void => {};

  /** @param isShared whether other processes use the same budget: then no second holds more than the rate, rounded up */
  constructor(clock: Clock, law: RateLaw, isShared = false) {
    this.#clock = clock;
    this.#law = law;
    this.#isShared = isShared;
  }

  /** Calls per second now allowed. */
  get rate(): number {
    return this.#law.rate;
  }

  /**
   * Resolves when the next call may be sent.
   *
   * @throws the signal's reason when it aborts
   */
  async ready(signal: AbortSignal): Promise<void> {
    for (;;) {
      const from = Math.max(this.#next, this.#law.pausedUntil);
      const wait = from - this.#clock.monotonic();
      if (wait <= 0) return;
      await this.#rest(wait, signal);
    }
  }

  /** A call is sent now; what it returns is to be given back with the call's outcome. */
  spend(): number {
    const now = this.#clock.monotonic();
    const { rate, pausedUntil } = this.#law;
    // What a pause held back is not caught up with: it would be refused again.
    const slack = this.#isShared ? SHARED_SLACK : slackOf(rate);
    const from = Math.max(this.#next, now - slack, Math.min(now, pausedUntil));
    this.#next = from + ((this.#isShared ? HEADROOM : 1) * SECOND) / rate;
    this.#law.sent(now);
    return now;
  }

  /** The call sent then was answered. */
  accepted(sentAt: number): void {
    this.#law.accepted(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  /** The call sent then was refused for flow control. */
  throttled(sentAt: number): void {
    this.#law.throttled(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  /** Sends no call for so many milliseconds, as the server asks. */
  pause(ms: number): void {
    this.#law.pauseUntil(this.#clock.monotonic() + ms);
    this.#wake();
  }

  /** An answer may shorten a pause, so it ends the rest early. */
  #rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        this.#wake = () => {};
      };
      const onAbort = (): void => {
        end();
        reject(signal.reason);
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const cancel = this.#clock.after(ms, wake);
      this.#wake = wake;
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }
}

/** With few calls a second a single one too early is far above the rate: then there is no slack. */
function slackOf(rate: number): number {
  const extra = Math.floor(rate * MOST_OF_RATE) - rate;
  return Math.min(MOST_SLACK, Math.max(0, (extra / rate) * SECOND));
}
