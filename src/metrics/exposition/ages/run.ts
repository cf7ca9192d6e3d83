import { smallestWith } from './digits.ts';

/**
 * Number of lines in a run. When one age gets another digit, everything behind it in its run moves and is
 * written again.
 */
export const RUN_LINES = 64;

/** Consecutive lines that are written as one deflate block, and how long that block can be used again. */
export class Run {
  readonly firstGap: number;
  /** Start and end offset of the run's block in the newest deflated text, in bytes; the end is exclusive. */
  start = 0;
  end = 0;
  /** Number of digits of all ages of the run together, and of its last age. */
  totalDigits = 0;
  lastDigits = 0;
  /** Number of digits of the age before the run. The distance of the first match depends on it. */
  #digitsBefore = 0;
  /** The range of seconds (end exclusive) in which each age of the run has as many digits as were written. */
  #validFrom = Number.POSITIVE_INFINITY;
  #validUntil = Number.NEGATIVE_INFINITY;

  constructor(firstGap: number) {
    this.firstGap = firstGap;
  }

  /** Whether the ages of that second need exactly the room that the written block has. */
  fits(second: number, digitsBefore: number): boolean {
    return (
      second >= this.#validFrom && second < this.#validUntil && digitsBefore === this.#digitsBefore
    );
  }

  reset(digitsBefore: number): void {
    this.#digitsBefore = digitsBefore;
    this.lastDigits = digitsBefore;
    this.totalDigits = 0;
    this.#validFrom = Number.NEGATIVE_INFINITY;
    this.#validUntil = Number.POSITIVE_INFINITY;
  }

  /**
   * Notes an age that was written with this number of digits.
   *
   * @param start the time from which the age counts
   */
  add(start: number, digits: number): void {
    this.lastDigits = digits;
    this.totalDigits += digits;
    // An age with one digit has no lower bound, because it is 0 before its start.
    if (digits > 1) this.#validFrom = Math.max(this.#validFrom, start + smallestWith(digits));
    this.#validUntil = Math.min(this.#validUntil, start + smallestWith(digits + 1));
  }
}
