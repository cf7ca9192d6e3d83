import { MINUTE, SECOND } from '../../clock.ts';

/** First rate, calls per second: below most limits, and doubling reaches any other soon. */
export const START_RATE = 10;
/** Share of the rate that a cut leaves: with more, calls are soon refused again; with less, too little of the limit is used. */
const GENTLE = 0.92;
/** Lowest rate, calls per second: a refused account costs few calls, and the end of the refusals is noticed. */
const FLOOR = 1 / 120;

/** Accepted calls between refused probes, per refused call, so that at most 1 % of calls are refused. */
const CALLS_PER_REFUSAL = 100;
/** Shortest time below and at the ceiling, in seconds of use: probing stays rare at any rate. */
const PLATEAU_S = 10;
/** Longest, unless a single refusal needs more calls: a limit that has risen is found in the end. */
const LONGEST_PLATEAU_S = 120;
/** Shortest while the ceiling is only bracketed: long enough to see whether the cut was enough. */
const SEARCH_S = 5;
const SEARCH_CALLS = 50;
/** Above the plateau the rate doubles within this time, so it reaches three times the ceiling within a minute. */
const GROWTH_S = 20;
const GROWTH_CALLS = 20;

/** Share of the rate that must be used before the rate may rise further (RFC 7661 has the same rule). */
const USED = 0.75;
/** Unused part of the rate that is tolerated, in seconds: more than late timers cause. */
const MOST_MISSING_S = 0.5;
const LEAST_MISSING_CALLS = 2;

/** First pause after a refusal: a server that counts over a sliding second needs it to fall below its limit. */
const FIRST_PAUSE = 0.1 * SECOND;
/** Longest pause when a refusal follows only a few accepted calls: a lower rate helps then, not waiting. */
const LONGEST_PAUSE_IN_USE = SECOND;
/** A longer pause is this part of the time refused so far: few calls are made, and little time is lost when the window ends. */
const PAUSE_PART = 1 / 4;
const SOON_PAUSE = 5 * SECOND;
/** Longer than a minute, as some servers count refused calls too, over a minute. */
const LONGEST_PAUSE = 90 * SECOND;
/** Milliseconds to wait for the answer to a probe, whose call may have failed for another reason. */
const PROBE_PATIENCE = 2 * SECOND;
/** Seconds of use after a cut from which on a refusal counts as a new one. */
const PROVEN_S = 2;
/** Shortest time of work that refusals are compared with, so that a single one does not halve the rate. */
const STRETCH = 0.5 * SECOND;
const STRETCH_CALLS = 5;
/** Work of this many times the shortest stretch measures the limit; less work only brackets it. */
const LONG_STRETCH = 4;
/** Servers hardly count over longer windows, so older work is not compared with refusals. */
const LONGEST_STRETCH = MINUTE;
/** Longer refusals are an outage, which tells nothing about the limit after it. */
const LONGEST_REFUSALS = 2 * MINUTE;

/**
 * Finds a server's limit, which the server does not tell, and follows its changes. It has no timers; it learns
 * from calls sent and answered (moments are monotonic milliseconds). The rate doubles until the first
 * refusal. Then it follows the curve of CUBIC (RFC 9438), over calls made instead of time: it rises ever
 * more slowly to the remembered ceiling, stays there for a plateau, and then rises ever faster, so that a
 * higher limit is soon found.
 */
export class AdaptiveRate {
  readonly #max: number;
  readonly #floor: number;
  #rate: number;

  /** Rate right after the last cut, and the rate believed to be the limit; undefined before the first refusal. */
  #base = 0;
  #ceiling: number | undefined;
  /** Seconds of use until the rate is to exceed the ceiling. */
  #plateau = 0;
  /** Seconds of use since the last cut; a call counts as the time between calls at the rate. */
  #progress = 0;
  #lastSent: number;
  /** Calls that the rate has allowed lately and that were not made. */
  #missing = 0;

  /** `refused` from a refusal until a later call is accepted; `probing` after a second one: one call at a time. */
  #state: 'working' | 'refused' | 'probing' = 'working';
  /** Answers to calls sent before are ignored, so that a burst of refusals makes one cut. */
  #cutAt = Number.NEGATIVE_INFINITY;
  #resumedAt: number;
  #refusedAt = 0;
  #refusedRate = 0;
  #refusedCalls = 0;
  #refusedMs = 0;
  #pause = FIRST_PAUSE;
  #heldUntil = Number.NEGATIVE_INFINITY;
  #requestedUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param options.max calls per second, above 0, never exceeded
   * @param options.start the first rate. @default START_RATE
   */
  constructor(options: { readonly max: number; readonly start?: number; readonly now: number }) {
    const { max, start = START_RATE } = options;
    this.#max = max;
    this.#floor = Math.min(max, FLOOR);
    this.#rate = Math.min(max, start);
    this.#lastSent = options.now;
    this.#resumedAt = options.now;
  }

  /** Calls per second now allowed. */
  get rate(): number {
    return this.#rate;
  }

  /** No call may be sent earlier. An accepted call may shorten the pause, but not one that the server asked for. */
  get pausedUntil(): number {
    return Math.max(this.#heldUntil, this.#requestedUntil);
  }

  sent(now: number): void {
    const since = Math.max(this.#lastSent, Math.min(now, this.pausedUntil));
    const allowed = (USED * this.#rate * (now - since)) / SECOND;
    this.#missing = Math.min(this.#mostMissing(), Math.max(0, this.#missing + allowed - 1));
    this.#lastSent = now;
    if (this.#state === 'probing') this.#heldUntil = now + PROBE_PATIENCE;
  }

  accepted(sentAt: number, now: number): void {
    if (sentAt <= this.#cutAt) return;
    if (this.#state !== 'working') this.#resume(sentAt, now);
    // A rate that was not used says nothing about the limit.
    if (this.#missing > this.#mostMissing() / 2) return;
    this.#progress += 1 / this.#rate;
    this.#setRate(this.#curve());
  }

  /** The server asks for no call before `until`. */
  pauseUntil(until: number): void {
    this.#requestedUntil = Math.max(this.#requestedUntil, until);
  }

  throttled(sentAt: number, now: number): void {
    this.#refusedCalls += 1;
    if (sentAt <= this.#cutAt) {
      this.#refusedMs += SECOND / this.#refusedRate;
      return;
    }
    if (this.#state === 'working') this.#cut(sentAt);
    else this.#wait();
    this.#cutAt = now;
    this.#heldUntil = now + this.#pause;
  }

  #cut(sentAt: number): void {
    const again = this.#progress < PROVEN_S;
    this.#pause = again ? Math.min(LONGEST_PAUSE_IN_USE, 2 * this.#pause) : FIRST_PAUSE;
    this.#state = 'refused';
    this.#refusedAt = sentAt;
    this.#refusedRate = this.#rate;
    this.#refusedCalls = 1;
    this.#refusedMs = SECOND / this.#rate;
    this.#setRate(this.#rate * GENTLE);
  }

  /** All calls are refused, as in a used-up window. When it ends, #resume knows how far to cut. */
  #wait(): void {
    this.#state = 'probing';
    this.#refusedMs += this.#pause;
    const longest = Math.max(SOON_PAUSE, PAUSE_PART * this.#refusedMs);
    this.#pause = Math.min(2 * this.#pause, longest, LONGEST_PAUSE);
  }

  /** Measures the limit: the calls accepted before the refusals, over the time of both together. */
  #resume(sentAt: number, now: number): void {
    const rate = this.#refusedRate;
    const shortest = Math.max(STRETCH, (STRETCH_CALLS * SECOND) / rate);
    const stretch = this.#refusedAt - this.#resumedAt;
    const worked = Math.max(shortest, Math.min(LONGEST_STRETCH, stretch));
    // The window ended at some moment within the last pause; its middle is assumed.
    const refused = Math.min(LONGEST_REFUSALS, this.#refusedMs + this.#pause / 2);
    const measured = (rate * worked) / (worked + refused);
    this.#base = Math.min(measured, GENTLE * rate);
    if (stretch >= LONG_STRETCH * shortest && refused < LONGEST_REFUSALS) {
      this.#ceiling = measured;
      const single = CALLS_PER_REFUSAL / measured;
      const paid = Math.min(LONGEST_PLATEAU_S, this.#refusedCalls * single);
      this.#plateau = Math.max(PLATEAU_S, single, paid);
    } else {
      // Between the refused and the measured rate, as in the search of BIC and CUBIC's fast convergence.
      this.#ceiling = Math.min((this.#base + rate) / 2, 2 * this.#base);
      this.#plateau = Math.max(SEARCH_S, SEARCH_CALLS / this.#ceiling);
    }
    this.#state = 'working';
    this.#progress = 0;
    this.#resumedAt = sentAt;
    this.#heldUntil = now;
    this.#setRate(this.#base);
  }

  #curve(): number {
    if (this.#ceiling === undefined) return this.#rate * 2 ** (1 / this.#rate);
    const over = this.#progress - this.#plateau;
    if (over < 0) {
      return this.#ceiling - (this.#ceiling - this.#base) * (-over / this.#plateau) ** 3;
    }
    return this.#ceiling * (1 + (over / Math.max(GROWTH_S, GROWTH_CALLS / this.#ceiling)) ** 3);
  }

  #setRate(rate: number): void {
    this.#rate = Math.min(this.#max, Math.max(this.#floor, rate));
  }

  #mostMissing(): number {
    return Math.max(LEAST_MISSING_CALLS, MOST_MISSING_S * this.#rate);
  }
}
