import { smallestWith } from './digits.ts';

/** Lines in a run. When one age gets another digit, everything behind it in its run moves and is written again. */
export const RUN_LINES = 64;

/** Consecutive lines that are written as one deflate block, and how long that block can be used again. */
export class Run {
  readonly firstGap: number;
  /** Where its block stands in the newest deflated text, in bytes; the end is exclusive. */
  start = 0;
  end = 0;
  /** Digits of all its ages together, and of its last age. */
  totalDigits = 0;
  lastDigits = 0;
  /** Digits of the age before the run: the distance of the first match depends on them. */
  #digitsBefore = 0;
  /** The seconds, the second bound exclusive, at which each of its ages has as many digits as were written. */
  #validFrom = Number.POSITIVE_INFINITY;
  #validUntil = Number.NEGATIVE_INFINITY;

  constructor(firstGap: number) {
    this.firstGap = firstGap;
  }

  /** Whether the block as written has exactly the room that the ages of that second need. */
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

  /** Notes an age that was written with so many digits. @param start the time it counts from */
  add(start: number, digits: number): void {
    this.lastDigits = digits;
    this.totalDigits += digits;
    // An age of one digit has no lower bound, because before its start an age is 0.
    if (digits > 1) this.#validFrom = Math.max(this.#validFrom, start + smallestWith(digits));
    this.#validUntil = Math.min(this.#validUntil, start + smallestWith(digits + 1));
  }
}
