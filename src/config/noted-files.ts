import { passes, type ReadFile, readText } from '../input/read-file.ts';

/** What was read of which file, so that it can be told whether any reads differently later. */
export class NotedFiles {
  /** Undefined: it could not be read. */
  readonly #texts = new Map<string, string | undefined>();

  /** Reads a file, and notes it. */
  readonly read: ReadFile = async (path, options) => {
    this.#texts.set(path, undefined);
    const text = await readText(path, options);
    this.#texts.set(path, text);
    return text;
  };

  /**
   * The same files as they are now. One that the system cannot read at this moment (too many open files)
   * counts as unchanged.
   */
  async again(): Promise<NotedFiles> {
    const now = new NotedFiles();
    for (const [path, text] of this.#texts) {
      await now.read(path).catch((error: unknown) => {
        if (passes(error)) now.#texts.set(path, text);
      });
    }
    return now;
  }

  /** Whether the other has the same texts of the same files. */
  equals(other: NotedFiles): boolean {
    if (this.#texts.size !== other.#texts.size) return false;
    for (const [path, text] of this.#texts) {
      if (!other.#texts.has(path) || other.#texts.get(path) !== text) return false;
    }
    return true;
  }
}
