import { MINUTE, SECOND } from '../../clock.ts';

/** First rate, in calls per second. It is below most limits, and doubling soon reaches higher limits. */
export const START_RATE = 10;
/**
 * A cut leaves this share of the rate. With a larger share, calls would soon be refused again; with a smaller
 * share, too little of the limit would be used.
 */
const GENTLE = 0.92;
/**
 * Lowest rate, in calls per second. An account whose calls are refused makes few calls, and still notices the
 * end of the refusals.
 */
const FLOOR = 1 / 120;

/**
 * For each refused call, at least this many calls must be accepted before the rate exceeds the ceiling again,
 * so that at most 1 % of calls are refused.
 */
const CALLS_PER_REFUSAL = 100;
/** Minimum length of a plateau, in seconds of use, so that tests of the ceiling stay rare at any rate. */
const PLATEAU_S = 10;
/**
 * Maximum length of a plateau, so that a higher limit is found in the end. A low rate may need a longer
 * plateau to pay for a single refusal.
 */
const LONGEST_PLATEAU_S = 120;
/**
 * Minimum length of a plateau while the ceiling is only a rough estimate, in seconds of use. It is long
 * enough to see whether the cut was enough.
 */
const SEARCH_S = 5;
const SEARCH_CALLS = 50;
/** After a plateau the rate doubles within this time, so it reaches three times the ceiling within a minute. */
const GROWTH_S = 20;
const GROWTH_CALLS = 20;

/** Share of the rate that must be used before the rate may rise further (RFC 7661 has the same rule). */
const USED = 0.75;
/** Number of seconds in which the rate may be unused without effect. Late timers cause less. */
const MOST_MISSING_S = 0.5;
const LEAST_MISSING_CALLS = 2;

/**
 * First pause after a refusal. A server that counts over a sliding second needs it, so that the count falls
 * below its limit.
 */
const FIRST_PAUSE = 0.1 * SECOND;
/**
 * Longest pause when a refusal follows only a few accepted calls. In that case a lower rate helps, and
 * waiting does not.
 */
const LONGEST_PAUSE_IN_USE = SECOND;
/**
 * A longer pause is this share of the time for which calls have been refused. So few calls are made, and
 * little time is lost when the refusals end.
 */
const PAUSE_PART = 1 / 4;
const SOON_PAUSE = 5 * SECOND;
/** Longest pause. It is longer than a minute, because some servers also count refused calls over a minute. */
const LONGEST_PAUSE = 90 * SECOND;
/**
 * Milliseconds to wait for the answer to a probe. After that the next probe is sent, because the call may
 * have failed for another reason.
 */
const PROBE_PATIENCE = 2 * SECOND;
/** A refusal counts as a new one when the rate was used for this many seconds since the cut. */
const PROVEN_S = 2;
/**
 * Refusals are compared with at least this much time of work before them, so that a single refusal does not
 * halve the rate.
 */
const STRETCH = 0.5 * SECOND;
const STRETCH_CALLS = 5;
/**
 * Work that lasted this many times the shortest stretch measures the limit. After less work, the ceiling is
 * only a rough estimate.
 */
const LONG_STRETCH = 4;
/**
 * Refusals are compared with at most this much time of work before them, because servers rarely count over
 * longer windows.
 */
const LONGEST_STRETCH = MINUTE;
/** Refusals that last longer are an outage, which says nothing about the limit after it. */
const LONGEST_REFUSALS = 2 * MINUTE;

/**
 * Finds the server's limit, which the server does not tell, and follows its changes. It has no timers; it
 * learns from calls sent and answered (all times are monotonic milliseconds).
 *
 * The rate doubles until the first refusal, and is then cut. After a cut it follows the curve of CUBIC (RFC
 * 9438), measured in calls made instead of time: it rises ever more slowly to the ceiling, which is the rate
 * believed to be the limit, and stays there for a plateau. Then it rises ever faster, so that a higher limit
 * is soon found.
 */
export class AdaptiveRate {
  readonly #max: number;
  readonly #floor: number;
  #rate: number;

  /**
   * `#base` is the rate right after the last cut. `#ceiling` is the rate believed to be the limit; undefined
   * before the first refusal.
   */
  #base = 0;
  #ceiling: number | undefined;
  /** Seconds of use after which the rate is to exceed the ceiling. */
  #plateau = 0;
  /** Seconds of use since the last cut. Each accepted call counts as the time between two calls at the rate. */
  #progress = 0;
  #lastSent: number;
  /** Number of recent calls that the rate allowed and that were not made. */
  #missing = 0;

  /**
   * `refused`: from a refusal until a later call is accepted. `probing`: after a second refusal, when only
   * one call at a time is made.
   */
  #state: 'working' | 'refused' | 'probing' = 'working';
  /** Answers to calls that were sent before this time are ignored, so that a burst of refusals makes one cut. */
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
   * @param options.ceiling the rate that an earlier process believed to be the limit, if it had met one
   */
  constructor(options: {
    readonly max: number;
    readonly start?: number;
    readonly ceiling?: number | undefined;
    readonly now: number;
  }) {
    const { max, start = START_RATE, ceiling, now } = options;
    this.#max = max;
    this.#floor = Math.min(max, FLOOR);
    this.#rate = this.#within(start);
    this.#lastSent = now;
    this.#resumedAt = now;
    if (ceiling !== undefined) this.#resumeAt(ceiling);
  }

  /**
   * Begins a plateau, as after a cut: the rate rises to the ceiling and stays there before it is tested. A rate
   * above the ceiling was accepted, so the limit is at least that rate.
   */
  #resumeAt(ceiling: number): void {
    this.#base = this.#rate;
    this.#ceiling = Math.max(ceiling, this.#rate);
    this.#plateau = Math.max(PLATEAU_S, CALLS_PER_REFUSAL / this.#ceiling);
  }

  /** Calls per second that are allowed now. */
  get rate(): number {
    return this.#rate;
  }

  /** Calls per second that are believed to be the limit; undefined before the first refusal. */
  get ceiling(): number | undefined {
    return this.#ceiling;
  }

  /**
   * No call may be sent before this time. An accepted call may shorten a pause, but not a pause that the
   * server asked for.
   */
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

  /** The server asks that no call be sent before `until`. */
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

  /**
   * Notes that all calls are refused, as when a quota is used up. When that ends, #resume computes the new
   * rate.
   */
  #wait(): void {
    this.#state = 'probing';
    this.#refusedMs += this.#pause;
    const longest = Math.max(SOON_PAUSE, PAUSE_PART * this.#refusedMs);
    this.#pause = Math.min(2 * this.#pause, longest, LONGEST_PAUSE);
  }

  /**
   * Measures the limit: the calls that were accepted before the refusals, divided by the time of work and
   * refusals together.
   */
  #resume(sentAt: number, now: number): void {
    const rate = this.#refusedRate;
    const shortest = Math.max(STRETCH, (STRETCH_CALLS * SECOND) / rate);
    const stretch = this.#refusedAt - this.#resumedAt;
    const worked = Math.max(shortest, Math.min(LONGEST_STRETCH, stretch));
    // The refusals ended at some moment within the last pause. The middle of the pause is assumed.
    const refused = Math.min(LONGEST_REFUSALS, this.#refusedMs + this.#pause / 2);
    const measured = (rate * worked) / (worked + refused);
    this.#base = Math.min(measured, GENTLE * rate);
    if (stretch >= LONG_STRETCH * shortest && refused < LONGEST_REFUSALS) {
      this.#ceiling = measured;
      const single = CALLS_PER_REFUSAL / measured;
      const paid = Math.min(LONGEST_PLATEAU_S, this.#refusedCalls * single);
      this.#plateau = Math.max(PLATEAU_S, single, paid);
    } else {
      // A rate between the refused rate and the measured rate, as in the search of BIC and CUBIC's fast
      // convergence.
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
    this.#rate = this.#within(rate);
  }

  #within(rate: number): number {
    return Math.min(this.#max, Math.max(this.#floor, rate));
  }

  #mostMissing(): number {
    return Math.max(LEAST_MISSING_CALLS, MOST_MISSING_S * this.#rate);
  }
}
