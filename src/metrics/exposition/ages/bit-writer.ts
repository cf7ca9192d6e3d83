import { ownCopy } from '../text-bytes.ts';
import {
  BITS,
  COUNT_SHIFT,
  type Code,
  END_OF_BLOCK,
  FIXED_BLOCK,
  STORED_BLOCK,
} from './huffman-codes.ts';

export const BITS_PER_BYTE = 8;

/** The length 0 and its complement. They follow the header of an empty stored block (RFC 1951, section 3.2.4). */
const STORED_LENGTH_0 = [0, 0, 0xff, 0xff] as const;
/** The header and the end of one block take at most this many bytes. */
const BLOCK_OVERHEAD = 8;
const BYTES_PER_CODE = 3;

/** Writes deflate blocks with fixed Huffman codes into memory that is reused for every text. */
export class BitWriter {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #blockStart = 0;
  /** Bits that do not fill a byte yet, and their number. */
  #pendingBits = 0;
  #pendingCount = 0;

  /**
   * Starts a new text.
   *
   * @param blocks the maximum number of blocks that will be written
   * @param codes the maximum number of codes that will be written
   */
  clear(blocks: number, codes: number): void {
    const size = blocks * BLOCK_OVERHEAD + codes * BYTES_PER_CODE;
    if (this.#bytes.length < size) {
      this.#bytes = new Uint8Array(size);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  beginBlock(): void {
    this.#blockStart = this.#length;
    this.#pendingBits = 0;
    this.#pendingCount = 0;
    this.put(FIXED_BLOCK);
  }

  put(code: Code): void {
    let bits = this.#pendingBits | ((code & BITS) << this.#pendingCount);
    let count = this.#pendingCount + (code >>> COUNT_SHIFT);
    while (count >= BITS_PER_BYTE) {
      this.#bytes[this.#length++] = bits;
      bits >>>= BITS_PER_BYTE;
      count -= BITS_PER_BYTE;
    }
    this.#pendingBits = bits;
    this.#pendingCount = count;
  }

  /** The offset of the next code, in bits from the start of its block. */
  get bitOffset(): number {
    return (this.#length - this.#blockStart) * BITS_PER_BYTE + this.#pendingCount;
  }

  /** Ends the block on a byte boundary with an empty stored block, as zlib's full flush does. */
  endBlock(): void {
    this.put(END_OF_BLOCK);
    this.put(STORED_BLOCK);
    if (this.#pendingCount > 0) this.#bytes[this.#length++] = this.#pendingBits;
    for (const byte of STORED_LENGTH_0) this.#bytes[this.#length++] = byte;
  }

  /** Appends blocks that were written earlier. */
  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * Overwrites a code with another code of the same number of bits.
   *
   * @param bitOffset offset of the code, in bits from the first byte
   */
  overwrite(bitOffset: number, code: Code): void {
    const at = bitOffset >>> 3;
    const shift = bitOffset & (BITS_PER_BYTE - 1);
    // A code of 24 bits and the up to 7 bits before it fit into 32. The end of a block always follows
    // an overwritten code, so reading four bytes stays within the memory.
    const mask = ((1 << (code >>> COUNT_SHIFT)) - 1) << shift;
    const others = this.#view.getInt32(at, true) & ~mask;
    this.#view.setInt32(at, others | ((code & BITS) << shift), true);
  }

  copy(): Uint8Array {
    return ownCopy(this.#bytes.subarray(0, this.#length));
  }
}
