import { type Block, Piece } from './block.ts';

const DIGIT_ZERO = 48;
const NEWLINE = '\n';

/** A line whose value is an age: what stands before it, and what it counts from (seconds since the epoch). */
export interface AgeLine {
  readonly prefix: string;
  readonly since: number;
}

/**
 * Lines of ages in whole seconds, never negative. They are another text with each second, of which
 * little but digits differs: those are written over a copy of the text before, and everything is laid out
 * anew only when an age has a digit more (or, the clock set back, fewer).
 */
export class LiveBlock implements Block {
  readonly #since: Float64Array;
  /** Where each value ends in the text, and its digits. */
  readonly #ends: Uint32Array;
  readonly #digits: Uint8Array;
  #text: Buffer;
  #second = Number.NaN;
  #piece: Piece;

  constructor(lines: readonly AgeLine[]) {
    this.#since = Float64Array.from(lines, ({ since }) => since);
    this.#ends = new Uint32Array(lines.length);
    this.#digits = new Uint8Array(lines.length);
    // With no digits yet: the first look lays out.
    this.#text = Buffer.from(lines.map(({ prefix }) => prefix + NEWLINE).join(''));
    let end = 0;
    for (const [index, { prefix }] of lines.entries()) {
      end += Buffer.byteLength(prefix);
      this.#ends[index] = end;
      end += NEWLINE.length;
    }
    this.#piece = new Piece(this.#text);
  }

  at(second: number): Piece {
    if (second !== this.#second) {
      const text = this.#overwritten(second) ?? this.#laidOut(second);
      this.#text = text;
      this.#second = second;
      this.#piece = new Piece(text);
    }
    return this.#piece;
  }

  /** Whether the block is of the same lines. */
  isAs(other: LiveBlock): boolean {
    // The constant text between the values is compared in one go, once both say the same second.
    const second = Math.max(this.#second || 0, other.#second || 0);
    return (
      this.#since.length === other.#since.length &&
      this.#since.every((since, index) => since === other.#since[index]) &&
      Buffer.compare(this.at(second).text, other.at(second).text) === 0
    );
  }

  #age(index: number, second: number): number {
    return Math.max(0, Math.floor(second - (this.#since[index] ?? second)));
  }

  #overwritten(second: number): Buffer | undefined {
    const text = Buffer.from(this.#text);
    for (let index = 0; index < this.#since.length; index++) {
      const age = this.#age(index, second);
      const digits = this.#digits[index] ?? 0;
      if (digits !== digitsOf(age)) return undefined;
      let left = age;
      let at = this.#ends[index] ?? 0;
      for (let digit = 0; digit < digits; digit++) {
        text[--at] = DIGIT_ZERO + (left % 10);
        left = Math.floor(left / 10);
      }
    }
    return text;
  }

  #laidOut(second: number): Buffer {
    // One byte a character, whatever it is part of: nothing is decoded.
    const bytes = this.#text.toString('latin1');
    let text = '';
    let from = 0;
    for (let index = 0; index < this.#since.length; index++) {
      const end = this.#ends[index] ?? 0;
      const value = String(this.#age(index, second));
      text += bytes.slice(from, end - (this.#digits[index] ?? 0)) + value;
      from = end;
      this.#ends[index] = text.length;
      this.#digits[index] = value.length;
    }
    return Buffer.from(text + bytes.slice(from), 'latin1');
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let left = value; left >= 10; left /= 10) digits++;
  return digits;
}
