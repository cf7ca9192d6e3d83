import { type Clock, SECOND } from '../../clock.ts';
import { HEADROOM } from './share.ts';

/** The calls of any second are at most this many times the rate, or the rate rounded up if that is more. */
const MOST_OF_RATE = 1.1;

/** Late calls may catch up with their even spacing by this many milliseconds, which is 5 % of a second's calls. */
const MOST_SLACK = 0.05 * SECOND;

/**
 * Late calls of a shard may catch up by this many milliseconds. That is a part of the shard's headroom; the
 * rest covers delays of the network.
 */
const SHARED_SLACK = 0.02 * SECOND;

/** Decides how fast calls are made. Moments are monotonic milliseconds. */
export interface RateLaw {
  /** Calls per second that are allowed now. Above 0; may be a fraction. */
  readonly rate: number;
  /** Calls per second that are believed to be the limit; absent for a rate that does not adapt, or while unknown. */
  readonly ceiling?: number | undefined;
  /** No call may be sent before this time. */
  readonly pausedUntil: number;
  sent(now: number): void;
  /** A call was answered and not throttled. The answer may be another error. */
  accepted(sentAt: number, now: number): void;
  throttled(sentAt: number, now: number): void;
  /** The server asks that no call be sent before `until`. */
  pauseUntil(until: number): void;
}

/** A rate that never changes. Only pauses that the server asks for interrupt it. */
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
 * Spaces calls evenly at a rate, by the generic cell rate algorithm: it keeps the time of the next call
 * instead of a bucket of tokens. One caller at a time waits for `ready`, and calls `spend` when it sends its
 * call, which may be later.
 */
export class Budget {
  readonly #clock: Clock;
  readonly #law: RateLaw;
  readonly #isShared: boolean;
  #next = Number.NEGATIVE_INFINITY;
  /** Ends the caller's wait, so that it checks the pause again. */
  #wake = (): void => {};

  /**
   * @param isShared whether other processes use the same budget. If so, no second holds more calls than the
   *   rate, rounded up
   */
  constructor(clock: Clock, law: RateLaw, isShared = false) {
    this.#clock = clock;
    this.#law = law;
    this.#isShared = isShared;
  }

  /** Calls per second that are allowed now. */
  get rate(): number {
    return this.#law.rate;
  }

  /** Resolves when the next call may be sent. @throws the signal's reason when it aborts */
  async ready(signal: AbortSignal): Promise<void> {
    for (;;) {
      const from = Math.max(this.#next, this.#law.pausedUntil);
      const wait = from - this.#clock.monotonic();
      if (wait <= 0) return;
      await this.#wait(wait, signal);
    }
  }

  /**
   * Notes that a call is sent now.
   *
   * @returns the time of sending, to be passed to `accepted` or `throttled`
   */
  spend(): number {
    const now = this.#clock.monotonic();
    const { rate, pausedUntil } = this.#law;
    // Calls that a pause held back are not made up for, because they would be refused again.
    const slack = this.#isShared ? SHARED_SLACK : slackOf(rate);
    const from = Math.max(this.#next, now - slack, Math.min(now, pausedUntil));
    this.#next = from + ((this.#isShared ? HEADROOM : 1) * SECOND) / rate;
    this.#law.sent(now);
    return now;
  }

  accepted(sentAt: number): void {
    this.#law.accepted(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  throttled(sentAt: number): void {
    this.#law.throttled(sentAt, this.#clock.monotonic());
    this.#wake();
  }

  /** Sends no call for `ms` milliseconds, because the server asked for that. */
  pause(ms: number): void {
    this.#law.pauseUntil(this.#clock.monotonic() + ms);
    this.#wake();
  }

  /** Waits for a time. An answer may shorten a pause, so it ends the wait early. */
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

/**
 * Milliseconds of slack at this rate. At a low rate there is no slack, because one early call would already
 * exceed the rate by far.
 */
function slackOf(rate: number): number {
  const extra = Math.floor(rate * MOST_OF_RATE) - rate;
  return Math.min(MOST_SLACK, Math.max(0, (extra / rate) * SECOND));
}
