import type { Log } from '../../log.ts';
import { codeOf } from '../../system-error.ts';

/** Work on files that may fail for a while. Logs when it begins to fail and when it succeeds again. */
export class Trouble {
  readonly #log: Log;
  readonly #texts: { readonly begins: string; readonly ends: string };
  #lasts = false;

  constructor(log: Log, texts: { readonly begins: string; readonly ends: string }) {
    this.#log = log;
    this.#texts = texts;
  }

  /** Whether the newest attempt has failed. */
  get lasts(): boolean {
    return this.#lasts;
  }

  /** @throws the error of the work */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      if (!this.#lasts) this.#log.error({ code: codeOf(error), cause }, this.#texts.begins);
      this.#lasts = true;
      throw error;
    }
    if (this.#lasts) this.#log.info(this.#texts.ends);
    this.#lasts = false;
  }
}
