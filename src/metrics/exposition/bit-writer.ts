import { BITS, COUNT_SHIFT, type Code, END_OF_BLOCK, FIXED, STORED } from './fixed-codes.ts';

export const BITS_PER_BYTE = 8;

/** What follows its first bits, from a byte's begin, in a stored block of nothing (RFC 1951, section 3.2.4). */
const NOTHING_STORED = [0, 0, 0xff, 0xff] as const;
/** Bytes that a block's begin and end take. */
const FRAME = 8;
const BYTES_PER_CODE = 3;

/** Deflated blocks of fixed codes on their way, in memory that is used by one text after the other. */
export class BitWriter {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #begin = 0;
  #bits = 0;
  #waiting = 0;

  /** Begins anew, with room for so many blocks and codes. */
  clear(blocks: number, codes: number): void {
    const most = blocks * FRAME + codes * BYTES_PER_CODE;
    if (this.#bytes.length < most) {
      this.#bytes = new Uint8Array(most);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#at = 0;
  }

  /** Bytes written. */
  get length(): number {
    return this.#at;
  }

  beginBlock(): void {
    this.#begin = this.#at;
    this.#bits = 0;
    this.#waiting = 0;
    this.put(FIXED);
  }

  put(code: Code): void {
    let bits = this.#bits | ((code & BITS) << this.#waiting);
    let waiting = this.#waiting + (code >>> COUNT_SHIFT);
    while (waiting >= BITS_PER_BYTE) {
      this.#bytes[this.#at++] = bits;
      bits >>>= BITS_PER_BYTE;
      waiting -= BITS_PER_BYTE;
    }
    this.#bits = bits;
    this.#waiting = waiting;
  }

  /** Where the next code goes, in bits from the begin of its block. */
  get place(): number {
    return (this.#at - this.#begin) * BITS_PER_BYTE + this.#waiting;
  }

  /** Ends the block on a byte, by a block of nothing, as zlib's full flush does. */
  endBlock(): void {
    this.put(END_OF_BLOCK);
    this.put(STORED);
    if (this.#waiting > 0) this.#bytes[this.#at++] = this.#bits;
    for (const byte of NOTHING_STORED) this.#bytes[this.#at++] = byte;
  }

  /** Adds blocks that were written before. */
  add(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Puts a code in the place of another with as many bits, in bits from the first byte's begin. */
  replace(place: number, code: Code): void {
    const at = place >>> 3;
    const shift = place & (BITS_PER_BYTE - 1);
    // 24 bits and up to 7 before them; a block's end follows.
    const mask = ((1 << (code >>> COUNT_SHIFT)) - 1) << shift;
    const others = this.#view.getInt32(at, true) & ~mask;
    this.#view.setInt32(at, others | ((code & BITS) << shift), true);
  }

  /** What was written, in memory of its own. */
  taken(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }
}
