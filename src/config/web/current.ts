import { readText } from '../load.ts';
import { ConfigError, type ConfigProblem } from '../problem.ts';
import { loadWebConfig } from './load.ts';
import type { WebConfig } from './web-config.ts';

/** Who is told what becomes of a changed file. */
export interface WebConfigListener {
  /** A changed file is used from now on. */
  onChange(): void;
  /** A changed file cannot be used: what was read before stays. Told once for each change. */
  onRefused(problems: readonly ConfigProblem[]): void;
}

/** What was read of each file, or could not be. */
type Contents = ReadonlyMap<string, string | undefined>;

/**
 * The web configuration in force. As in the toolkit its files are read again whenever that may
 * matter, so that new certificates and users need no restart; only what is read differently is
 * looked at. Unlike there, a file that cannot be used changes nothing.
 */
export class CurrentWebConfig {
  readonly #file: string;
  readonly #listener: WebConfigListener;
  #config: WebConfig;
  #contents: Contents;
  #problems: readonly ConfigProblem[] = [];
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(
    file: string,
    listener: WebConfigListener,
    first: { readonly config: WebConfig; readonly contents: Contents },
  ) {
    this.#file = file;
    this.#listener = listener;
    this.#config = first.config;
    this.#contents = first.contents;
  }

  /** @throws ConfigError when the file cannot be used */
  static async open(file: string, listener: WebConfigListener): Promise<CurrentWebConfig> {
    const contents = new Map<string, string | undefined>();
    const config = await loadWebConfig(file, noting(contents));
    return new CurrentWebConfig(file, listener, { config, contents });
  }

  get current(): WebConfig {
    return this.#config;
  }

  /** Why the file as it is now is not used; empty when it is. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /**
   * Has the files read as they are now, or later: what began to read before the call does not count.
   * Never rejects for what stands in a file.
   */
  refresh(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
      return this.#reading;
    }
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      return this.refresh();
    });
    return this.#next;
  }

  async #read(): Promise<void> {
    if (await isUnchanged(this.#contents)) return;
    const contents = new Map<string, string | undefined>();
    try {
      const config = await loadWebConfig(this.#file, noting(contents));
      if ((config.tls === undefined) !== (this.#config.tls === undefined)) {
        throw new ConfigError([this.#takesRestart(config)]);
      }
      this.#config = config;
      this.#problems = [];
      this.#listener.onChange();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#problems = error.problems;
      this.#listener.onRefused(error.problems);
    } finally {
      this.#contents = contents;
    }
  }

  #takesRestart({ tls }: WebConfig): ConfigProblem {
    const [expected, got] = tls ? ['no certificate', 'one'] : ['a certificate', 'none'];
    return {
      file: this.#file,
      line: 1,
      column: 1,
      path: 'tls_server_config',
      expected: `${expected}, as when the program was started`,
      got: `${got}: to switch TLS on or off takes a restart`,
    };
  }
}

/** Reads files, and notes what was read of which. */
function noting(contents: Map<string, string | undefined>) {
  return async (path: string): Promise<string> => {
    contents.set(path, undefined);
    const text = await readText(path);
    contents.set(path, text);
    return text;
  };
}

async function isUnchanged(contents: Contents): Promise<boolean> {
  for (const [path, before] of contents) {
    const now = await readText(path).catch(() => undefined);
    if (now !== before) return false;
  }
  return true;
}
