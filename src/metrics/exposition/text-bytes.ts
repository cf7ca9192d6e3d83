/** Characters that are encoded together: a call for each line would take longer than the lines do. */
const AT_ONCE = 8 * 1024;
/** That UTF-8 has for a UTF-16 code unit. */
const MOST_BYTES = 3;
const FIRST_ROOM = 256 * 1024;
/** What very long names took is not kept. */
const MOST_KEPT = 4 * FIRST_ROOM;

/** Room of those that were let go: as much as families are rendered at once. */
const FREE: Buffer[] = [];
const NO_ROOM = Buffer.alloc(0);

/**
 * The bytes of a text that is added to bit by bit, in memory that is used again. A string that grows to
 * the same text would be thousands of small ones until it is encoded, and collecting those in the middle
 * of it held the event loop longer than the work did.
 */
export class TextBytes {
  #room: Buffer = FREE.pop() ?? Buffer.allocUnsafeSlow(FIRST_ROOM);
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

  /** Lets the memory go, and with it what was taken. */
  release(): void {
    if (this.#room.length <= MOST_KEPT && this.#room !== NO_ROOM) FREE.push(this.#room);
    this.#room = NO_ROOM;
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

/** Copies bytes into memory of exactly their size. A part of a larger buffer would keep all of it in memory. */
export function ownCopy(bytes: Uint8Array): Buffer {
  // Unlike Buffer.from, this does not fill the memory with zeros first.
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
