/** Characters that are encoded together: a call for each line would take longer than the lines do. */
const AT_ONCE = 8 * 1024;
/** That UTF-8 has for a UTF-16 code unit. */
const MOST_BYTES = 3;
const FIRST_ROOM = 256 * 1024;

/** Room of those that were let go. */
const FREE: Buffer[] = [];

/**
 * The bytes of a text that is added to bit by bit, in memory that is used again. A string that grows to
 * the same text would be thousands of small ones until it is encoded, and collecting those in the middle
 * of it held the event loop longer than the work did.
 */
export class TextBytes {
  #room = FREE.pop() ?? Buffer.allocUnsafeSlow(FIRST_ROOM);
  #encoded = 0;
  #waiting = '';

  add(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length >= AT_ONCE) this.#encode();
  }

  /** What was added since the last time, to be copied before anything else is done here. */
  take(): Uint8Array {
    this.#encode();
    const bytes = this.#room.subarray(0, this.#encoded);
    this.#encoded = 0;
    return bytes;
  }

  /** Lets the memory go; nothing may be added afterwards. */
  release(): void {
    FREE.push(this.#room);
  }

  #encode(): void {
    const needed = this.#encoded + MOST_BYTES * this.#waiting.length;
    if (needed > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(2 * needed);
      larger.set(this.#room.subarray(0, this.#encoded));
      this.#room = larger;
    }
    this.#encoded += this.#room.write(this.#waiting, this.#encoded);
    this.#waiting = '';
  }
}
