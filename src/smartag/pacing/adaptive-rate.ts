import { MINUTE, SECOND } from '../../clock.ts';

/** First rate, calls per second: low enough for most limits; doubling is soon at any other. */
export const START_RATE = 10;
/** What a cut leaves: more and strays refuse again, less and too little of the limit is used. */
const GENTLE = 0.92;
/** Lowest rate, calls per second: a dead account costs little, and its return is noticed. */
const FLOOR = 1 / 120;

/** Calls per refused call: a probe that cost so many is paid for, at 1 %, before the next. */
const CALLS_PER_REFUSAL = 100;
/** Shortest plateau below and at the ceiling, in seconds of use: probing stays rare at any rate. */
const PLATEAU_S = 10;
/** Longest, unless one refusal alone takes longer to pay for: a limit that rose is found at last. */
const LONGEST_PLATEAU_S = 120;
/** The shortest where the ceiling is only bracketed: long enough to see whether the cut sufficed. */
const SEARCH_S = 5;
const SEARCH_CALLS = 50;
/** Above the plateau the rate doubles in so long: thrice the ceiling well within a minute. */
const GROWTH_S = 20;
const GROWTH_CALLS = 20;

/** Share of the rate that must be used for it to count as proven; RFC 7661 has the same concern. */
const USED = 0.75;
/** How much use, in seconds of the rate, may be missing: more than pacing late by a timer. */
const MOST_MISSING_S = 0.5;
const LEAST_MISSING_CALLS = 2;

/** First pause: a server that counts a sliding second needs it to get below its limit. */
const FIRST_PAUSE = 0.1 * SECOND;
/** Longest pause between a few accepted calls and the next refusal: then cutting helps, not waiting. */
const LONGEST_PAUSE_IN_USE = SECOND;
/** Longer pauses are a part of the refusals so far: little is lost when a window ends, calls are few. */
const PAUSE_PART = 1 / 4;
const SOON_PAUSE = 5 * SECOND;
/** Above a minute, as some servers count refused calls in a minute's window. */
const LONGEST_PAUSE = 90 * SECOND;
/** After that a probe without answer is not waited for: its call may have failed otherwise. */
const PROBE_PATIENCE = 2 * SECOND;
/** Use after a cut, in seconds, that makes the next refusal a probe's, not the same cut's. */
const PROVEN_S = 2;
/** Shortest stretch of work to judge refusals by: a stray one must not halve the rate. */
const STRETCH = 0.5 * SECOND;
const STRETCH_CALLS = 5;
/** A stretch of so many shortest ones measures the limit; a shorter one only brackets it. */
const LONG_STRETCH = 4;
/** A server hardly counts over longer than this: work before it does not excuse refusals. */
const LONGEST_STRETCH = MINUTE;
/** Longer refusals are an outage, which says nothing about the limit after it. */
const LONGEST_REFUSALS = 2 * MINUTE;

/**
 * Finds and follows a server's limit it is not told: a law without timers, fed with what was sent
 * and answered (moments are monotonic milliseconds). Doubles until first refused. From then on the
 * curve of CUBIC (RFC 9438), over calls made instead of time: up to the remembered ceiling ever more
 * slowly, a plateau, then ever faster, so that a ceiling that rose is soon found.
 */
export class AdaptiveRate {
  readonly #max: number;
  readonly #floor: number;
  #rate: number;

  /** Rate right after the last cut, and the rate believed to be the limit; none until refused. */
  #base = 0;
  #ceiling: number | undefined;
  /** Seconds of use until the rate is to exceed the ceiling. */
  #plateau = 0;
  /** Seconds of use since the last cut: one call is as long as the rate's spacing. */
  #progress = 0;
  #lastSent: number;
  /** Calls that the rate allowed lately and that were not made. */
  #missing = 0;

  /** From a refusal on, until a call sent after it is accepted; probing: one call at a time. */
  #state: 'working' | 'refused' | 'probing' = 'working';
  /** Answers to calls sent until then say nothing new: one cut for a burst. */
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

  /** No call before; an answer may bring it nearer. What the server asked for is kept. */
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
    // A rate that was not used proves nothing.
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

  /** Everything is refused, as by a window that is used up: how deep to cut is known when it ends. */
  #wait(): void {
    this.#state = 'probing';
    this.#refusedMs += this.#pause;
    const longest = Math.max(SOON_PAUSE, PAUSE_PART * this.#refusedMs);
    this.#pause = Math.min(2 * this.#pause, longest, LONGEST_PAUSE);
  }

  /** Work and the refusals after it, together, are what the server allows for the work. */
  #resume(sentAt: number, now: number): void {
    const rate = this.#refusedRate;
    const shortest = Math.max(STRETCH, (STRETCH_CALLS * SECOND) / rate);
    const stretch = this.#refusedAt - this.#resumedAt;
    const worked = Math.max(shortest, Math.min(LONGEST_STRETCH, stretch));
    // The refusals ended somewhere in the last pause.
    const refused = Math.min(LONGEST_REFUSALS, this.#refusedMs + this.#pause / 2);
    const measured = (rate * worked) / (worked + refused);
    this.#base = Math.min(measured, GENTLE * rate);
    if (stretch >= LONG_STRETCH * shortest && refused < LONGEST_REFUSALS) {
      this.#ceiling = measured;
      const single = CALLS_PER_REFUSAL / measured;
      const paid = Math.min(LONGEST_PLATEAU_S, this.#refusedCalls * single);
      this.#plateau = Math.max(PLATEAU_S, single, paid);
    } else {
      // Between what was refused and what may do, as BIC and CUBIC's fast convergence search.
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
