import { invalidParameter } from './errors.ts';

/**
 * The parameters of one request, from its query and its form: strings under case-sensitive names.
 * When a name occurs twice, the first value counts, and the query comes before the form. This holds
 * for the signature too.
 */
export class Parameters {
  readonly #values = new Map<string, string>();
  /** Undefined until the first list is asked for. */
  #lists: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(...encoded: readonly string[]) {
    for (const part of encoded) {
      if (part === '') continue;
      for (const [name, value] of new URLSearchParams(part)) {
        if (!this.#values.has(name)) this.#values.set(name, value);
      }
    }
  }

  /** Returns undefined when the parameter is absent or empty. Only `has` distinguishes the two. */
  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Whether the name was sent, even with an empty value. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The values of `name.1`, `name.2`, … by number. Gaps are closed, empty values are kept. */
  list(name: string): readonly string[] {
    this.#lists ??= this.#readLists();
    return this.#lists.get(name) ?? [];
  }

  /**
   * Reads a whole number of 1 or more.
   *
   * @throws ApiFault `Invalid<name>` when the text is anything else
   */
  count(name: string, byDefault: number): number {
    const text = this.get(name);
    if (text === undefined) return byDefault;
    if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidParameter(name);
    return Number(text);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  #readLists(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, { readonly index: number; readonly value: string }[]>();
    for (const [key, value] of this.#values) {
      const dot = key.lastIndexOf('.');
      const index = dot < 0 ? '' : key.slice(dot + 1);
      if (!/^[1-9]\d{0,5}$/.test(index)) continue;
      const name = key.slice(0, dot);
      const elements = found.get(name) ?? [];
      elements.push({ index: Number(index), value });
      found.set(name, elements);
    }
    return new Map(
      [...found].map(([name, elements]) => [
        name,
        elements.sort((a, b) => a.index - b.index).map(({ value }) => value),
      ]),
    );
  }
}
