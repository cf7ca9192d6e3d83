import type { RateLimit } from './policy.ts';

/** A bucket of tokens that refills evenly; it begins full. */
export class RateLimiter {
  readonly limit: RateLimit;
  /** Milliseconds that only go forward. */
  readonly #monotonic: () => number;
  #tokens: number;
  #filledAt: number;

  constructor(limit: RateLimit, monotonic: () => number) {
    this.limit = limit;
    this.#monotonic = monotonic;
    this.#tokens = limit.burst;
    this.#filledAt = monotonic();
  }

  /** Whether a request may pass now; then it has taken its token. */
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
