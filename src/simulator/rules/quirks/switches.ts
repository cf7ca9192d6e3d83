import { DEFAULT_QUIRKS, type Quirks } from './table.ts';

/** The quirks in force, which may change while the simulator runs. */
export class QuirkSwitches {
  #current: Quirks;

  constructor(quirks: Partial<Quirks>) {
    this.#current = { ...DEFAULT_QUIRKS, ...quirks };
  }

  get current(): Quirks {
    return this.#current;
  }

  set(quirks: Partial<Quirks>): void {
    this.#current = { ...this.#current, ...quirks };
  }

  /** Sets all quirks to what the documents say most often. */
  reset(): void {
    this.#current = DEFAULT_QUIRKS;
  }
}
