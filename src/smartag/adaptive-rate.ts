import { MINUTE, SECOND } from '../clock.ts';

const START_RATE = 10;
const GENTLE = 0.95;
const FLOOR = 1 / 120;
const PLATEAU_S = 10;
const CALLS_PER_REFUSAL = 60;
const SEARCH_S = 5;
const SEARCH_CALLS = 10;
const GROWTH_S = 20;
const GROWTH_CALLS = 30;
const USED = 0.8;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 90 * SECOND;
const PROBE_PATIENCE = 2 * SECOND;
const LONGEST_RETRY_AFTER = 10 * MINUTE;
const PROVEN_S = 3;

export class AdaptiveRate {
  readonly #max: number;
  readonly #floor: number;
  #rate: number;
  #ceiling: number | undefined;
  #base = 0;
  #plateau = 0;
  /** Seconds of full use since the last cut. */
  #progress = 0;
  #unused = 0;
  #lastSent: number;

  #refusing = false;
  #probing = false;
  #cutAt = Number.NEGATIVE_INFINITY;
  #refusedRate = 0;
  #firstRefused = 0;
  #refusedFor = 0;
  #refused = 0;
  #resumedAt: number;
  #pause = FIRST_PAUSE;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #askedUntil = Number.NEGATIVE_INFINITY;

  constructor({ max, now }: { max: number; now: number }) {
    this.#max = max;
    this.#floor = Math.min(max, FLOOR);
    this.#rate = Math.min(max, START_RATE);
    this.#lastSent = now;
    this.#resumedAt = now;
  }

  rateAt(_now: number): number {
    return this.#rate;
  }

  get pausedUntil(): number {
    return Math.max(this.#heldUntil, this.#askedUntil);
  }

  sent(now: number): void {
    const since = Math.max(this.#lastSent, Math.min(now, this.pausedUntil));
    const gap = Math.max(0, now - since) / SECOND;
    const most = Math.max(1, this.#rate / 2);
    this.#unused = Math.min(most, Math.max(0, this.#unused + USED * this.#rate * gap - 1));
    this.#lastSent = now;
    if (this.#probing) this.#heldUntil = now + PROBE_PATIENCE;
  }

  accepted(sentAt: number, now: number): void {
    if (sentAt <= this.#cutAt) return;
    if (this.#refusing) this.#resume(sentAt, now);
    if (this.#unused >= Math.max(1, this.#rate / 2)) return;
    this.#progress += 1 / this.#rate;
    this.#setRate(this.#curve());
  }

  throttled(sentAt: number, now: number, retryAfterMs = 0): void {
    const asked = Math.min(retryAfterMs, LONGEST_RETRY_AFTER);
    if (asked > 0) this.#askedUntil = Math.max(this.#askedUntil, now + asked);
    this.#refused += 1;
    if (sentAt <= this.#cutAt) {
      if (this.#refusing) this.#refusedFor += SECOND / this.#refusedRate;
      return;
    }
    if (this.#refusing) {
      this.#refusedFor += this.#pause;
      this.#probing = true;
      const most = Math.min(LONGEST_PAUSE, Math.max(5 * SECOND, this.#refusedFor / 4));
      this.#pause = Math.min(most, this.#pause * 2);
    } else {
      this.#refusing = true;
      this.#refused = 1;
      this.#firstRefused = sentAt;
      this.#refusedRate = this.#rate;
      this.#refusedFor = SECOND / this.#rate;
      this.#pause =
        this.#progress < PROVEN_S ? Math.min(SECOND, this.#pause * 2) : FIRST_PAUSE;
      this.#setRate(this.#rate * GENTLE);
    }
    this.#cutAt = now;
    this.#heldUntil = now + this.#pause;
  }

  #resume(sentAt: number, now: number): void {
    const least = Math.max(0.5 * SECOND, (5 * SECOND) / this.#refusedRate);
    const worked = Math.max(least, Math.min(MINUTE, this.#firstRefused - this.#resumedAt));
    const refused = this.#refusedFor + (this.#probing ? this.#pause / 2 : this.#pause);
    const estimate = (this.#refusedRate * worked) / (worked + Math.min(refused, 2 * MINUTE));
    if (worked >= 2 * least) {
      this.#ceiling = estimate;
      this.#base = estimate * GENTLE;
      this.#plateau = Math.max(PLATEAU_S, (this.#refused * CALLS_PER_REFUSAL) / estimate);
    } else {
      this.#base = Math.min(estimate, this.#refusedRate * GENTLE);
      this.#ceiling = Math.min((this.#base + this.#refusedRate) / 2, 2 * this.#base);
      this.#plateau = Math.max(SEARCH_S, SEARCH_CALLS / this.#ceiling);
    }
    this.#refusing = false;
    this.#probing = false;
    this.#progress = 0;
    this.#resumedAt = sentAt;
    this.#heldUntil = now;
    this.#setRate(this.#base);
  }

  #curve(): number {
    if (this.#ceiling === undefined) return this.#rate * 2 ** (1 / this.#rate);
    const over = this.#progress - this.#plateau;
    if (over < 0)
      return this.#ceiling - (this.#ceiling - this.#base) * (-over / this.#plateau) ** 3;
    return this.#ceiling * (1 + (over / Math.max(GROWTH_S, GROWTH_CALLS / this.#ceiling)) ** 3);
  }

  #setRate(rate: number): void {
    this.#rate = Math.min(this.#max, Math.max(this.#floor, rate));
  }
}
