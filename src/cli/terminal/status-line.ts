import { Writable } from 'node:stream';
import type { Output } from '../process/host.ts';

/** Deletes the line the cursor is on and puts it at the beginning. */
const CLEAR = '\r\u001b[2K';

/** A terminal's last line that is written again and again, below whatever else is written. */
export class StatusLine {
  readonly #terminal: Output;
  #shown = '';

  constructor(terminal: Output) {
    this.#terminal = terminal;
  }

  /** @param text shorter than a terminal is wide; empty: the line is removed */
  show(text: string): void {
    if (text === this.#shown) return;
    this.#terminal.write(`${CLEAR}${text}`);
    this.#shown = text;
  }

  /** The terminal for everybody else, whose lines then stand above. */
  get above(): Writable & { readonly isTTY: boolean } {
    const stream = new Writable({
      decodeStrings: false,
      write: (text, _encoding, done) => {
        const shown = this.#shown;
        this.show('');
        this.#terminal.write(String(text));
        this.show(shown);
        done();
      },
    });
    return Object.assign(stream, { isTTY: true });
  }
}
