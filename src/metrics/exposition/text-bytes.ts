/**
 * Number of characters that are encoded together. Encoding each line by itself would take longer than
 * rendering it.
 */
const AT_ONCE = 8 * 1024;
/** The most bytes that UTF-8 takes for one UTF-16 code unit. */
const MOST_BYTES = 3;
const FIRST_ROOM = 256 * 1024;
/** A larger buffer, which very long names can cause, is not used again. */
const MOST_KEPT = 4 * FIRST_ROOM;

/** Buffers to be reused: as many as there are families that are rendered at the same time. */
const FREE: Buffer[] = [];
const NO_ROOM = Buffer.alloc(0);

/**
 * Collects a text as UTF-8 bytes, in memory that is reused. A single string would consist of thousands of
 * small strings until it is encoded, and collecting that garbage held up the event loop longer than the work
 * itself.
 */
export class TextBytes {
  #room: Buffer = FREE.pop() ?? Buffer.allocUnsafeSlow(FIRST_ROOM);
  #encoded = 0;
  #unencoded = '';

  add(text: string): void {
    this.#unencoded += text;
    if (this.#unencoded.length >= AT_ONCE) this.#encode();
  }

  /** The bytes added since the last call. The caller must copy them before it calls another method. */
  take(): Uint8Array {
    this.#encode();
    const bytes = this.#room.subarray(0, this.#encoded);
    this.#encoded = 0;
    return bytes;
  }

  /** Releases the memory for reuse; the bytes last taken are no longer valid. */
  release(): void {
    if (this.#room.length <= MOST_KEPT && this.#room !== NO_ROOM) FREE.push(this.#room);
    this.#room = NO_ROOM;
  }

  #encode(): void {
    const needed = this.#encoded + MOST_BYTES * this.#unencoded.length;
    if (needed > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(2 * needed);
      larger.set(this.#room.subarray(0, this.#encoded));
      this.#room = larger;
    }
    this.#encoded += this.#room.write(this.#unencoded, this.#encoded);
    this.#unencoded = '';
  }
}

/** Copies bytes into memory of exactly their size. A part of a larger buffer would keep all of it in memory. */
export function ownCopy(bytes: Uint8Array): Buffer {
  // Unlike Buffer.from, this does not fill the memory with zeros first.
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
