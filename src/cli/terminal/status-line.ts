import { Writable } from 'node:stream';
import type { Output } from '../process/host.ts';

/** Moves the cursor to the start of its line and clears the line. */
const CLEAR = '\r\u001b[2K';

/** The last line of a terminal, rewritten in place. Other output appears above it. */
export class StatusLine {
  readonly #terminal: Output;
  #shown = '';

  constructor(terminal: Output) {
    this.#terminal = terminal;
  }

  /** @param text must fit into one line of the terminal; empty: removes the line */
  show(text: string): void {
    if (text === this.#shown) return;
    this.#terminal.write(`${CLEAR}${text}`);
    this.#shown = text;
  }

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
