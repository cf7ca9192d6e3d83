import type { RateLimit } from './policy.ts';

/**
 * A token bucket, which refills continuously and starts full. The gate takes a token for each request, before it
 * checks a password. Wrong passwords have no limit of their own.
 */
export class RateLimiter {
  readonly limit: RateLimit;
  /** The monotonic clock, in milliseconds. */
  readonly #monotonic: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(limit: RateLimit, monotonic: () => number) {
    this.limit = limit;
    this.#monotonic = monotonic;
    this.#tokens = limit.burst;
    this.#filledAt = monotonic();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const now = this.#monotonic();
    const { interval, burst } = this.limit;
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#filledAt) / interval);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
