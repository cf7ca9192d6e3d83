import { isTemporary, type ReadFile, type ReadOptions, readText } from '../input/read-file.ts';

interface NotedFile {
  readonly options: ReadOptions | undefined;
  /** Undefined when the file could not be read. */
  readonly text: string | undefined;
}

/** Remembers the texts of files that were read, to find out later whether one of them has changed. */
export class NotedFiles {
  readonly #files = new Map<string, NotedFile>();

  readonly read: ReadFile = async (path, options) => {
    this.#files.set(path, { options, text: undefined });
    const text = await readText(path, options);
    this.#files.set(path, { options, text });
    return text;
  };

  /**
   * Reads the same files again, with the same options. A file that cannot be read for a temporary reason,
   * such as too many open files, counts as unchanged.
   */
  async again(): Promise<NotedFiles> {
    const now = new NotedFiles();
    for (const [path, file] of this.#files) {
      await now.read(path, file.options).catch((error: unknown) => {
        if (isTemporary(error)) now.#files.set(path, file);
      });
    }
    return now;
  }

  /** Whether both have the same files with the same texts. */
  equals(other: NotedFiles): boolean {
    if (this.#files.size !== other.#files.size) return false;
    for (const [path, { text }] of this.#files) {
      const file = other.#files.get(path);
      if (!file || file.text !== text) return false;
    }
    return true;
  }
}
