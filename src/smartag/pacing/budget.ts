import { type Clock, SECOND } from '../../clock.ts';
import { HEADROOM } from './share.ts';

/** The calls of any second are at most this many times the rate, or the rate rounded up where that is more. */
const MOST_OF_RATE = 1.1;

/** Milliseconds by which late calls may catch up with their even spacing: 5 % of a second's calls. */
const MOST_SLACK = 0.05 * SECOND;

/** The same for a shard: a part of its headroom; the rest covers delays of the network. */
const SHARED_SLACK = 0.02 * SECOND;

/** Decides how fast calls are made. Moments are monotonic milliseconds. */
export interface RateLaw {
  /** Calls per second now allowed, above 0; may be a fraction. */
  readonly rate: number;
  /** No call may be sent earlier. */
  readonly pausedUntil: number;
  sent(now: number): void;
  /** A call was answered, perhaps with an error, but not throttled. */
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
 * Spaces calls evenly at a rate, by the generic cell rate algorithm: it keeps the moment of the next call
 * instead of a bucket of tokens. One caller at a time waits for `ready`, and calls `spend` when it sends,
 * which may be later.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #law: RateLaw;
  readonly #isShared: boolean;
  #next = Number.NEGATIVE_INFINITY;
  /** Ends the caller's wait, so that it checks the pause again. */
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
      await this.#wait(wait, signal);
    }
  }

  /** Notes that a call is sent now. @returns the moment, to be passed to `accepted` or `throttled` */
  spend(): number {
    const now = this.#clock.monotonic();
    const { rate, pausedUntil } = this.#law;
    // Calls that a pause held back are not made up for, as they would be refused again.
    const slack = this.#isShared ? SHARED_SLACK : slackOf(rate);
    const from = Math.max(this.#next, now - slack, Math.min(now, pausedUntil));
    this.#next = from + ((this.#isShared ? HEADROOM : 1) * SECOND) / rate;
    this.#law.sent(now);
    return now;
  }

  /** The call sent at that moment was answered. */
  accepted(sentAt: number): void {
    this.#law.accepted(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  /** The call sent at that moment was refused for flow control. */
  throttled(sentAt: number): void {
    this.#law.throttled(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  /** Sends no call for `ms` milliseconds, as the server asks. */
  pause(ms: number): void {
    this.#law.pauseUntil(this.#clock.monotonic() + ms);
    this.#wake();
  }

  /** Waits; an answer may shorten a pause, so it ends the wait early. */
  #wait(ms: number, signal: AbortSignal): Promise<void> {
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

/** At a low rate, one early call would already exceed the rate by far, so there is no slack. */
function slackOf(rate: number): number {
  const extra = Math.floor(rate * MOST_OF_RATE) - rate;
  return Math.min(MOST_SLACK, Math.max(0, (extra / rate) * SECOND));
}
