import { type Clock, sleep, systemClock } from '../../clock.ts';
import { ConfigError, type ConfigProblem } from '../../input/problem.ts';
import { NotedFiles } from '../noted-files.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { loadWebConfig } from './load.ts';
import type { LoadedWebConfig } from './protection.ts';
import type { WebConfig } from './web-config.ts';

export interface WebConfigListener {
  onChange(): void;
  /** Called once for each change that cannot be used. The earlier configuration then stays in force. */
  onRefused(problems: readonly ConfigProblem[]): void;
}

/**
 * Milliseconds between two reads of changed files. The files are used only when both reads give the same
 * texts. A file that is rewritten in place is usually empty or cut for less than one millisecond.
 */
const BETWEEN_READS = 25;

/** Attempts to read files that change while they are read. After these, the next request tries again. */
const MAX_ATTEMPTS = 3;

/**
 * The web configuration in force. As in the Prometheus exporter toolkit, its files are read again for each
 * request, so that new certificates and users need no restart. They are parsed only when a text has changed.
 * Unlike the toolkit, this class keeps the configuration in force when the changed file cannot be used, is
 * being written, or has lost something that protects the server.
 */
export class CurrentWebConfig {
  readonly #file: string;
  readonly #listener: WebConfigListener;
  readonly #clock: Clock;
  #loaded: LoadedWebConfig;
  #files: NotedFiles;
  #problems: readonly ConfigProblem[] = [];

  private constructor(
    file: string,
    listener: WebConfigListener,
    clock: Clock,
    first: { readonly loaded: LoadedWebConfig; readonly files: NotedFiles },
  ) {
    this.#file = file;
    this.#listener = listener;
    this.#clock = clock;
    this.#loaded = first.loaded;
    this.#files = first.files;
  }

  /** @throws ConfigError when the file cannot be used */
  static async open(
    file: string,
    listener: WebConfigListener,
    clock: Clock = systemClock,
  ): Promise<CurrentWebConfig> {
    const files = new NotedFiles();
    const loaded = await loadWebConfig(file, files.read);
    return new CurrentWebConfig(file, listener, clock, { loaded, files });
  }

  get current(): WebConfig {
    return this.#loaded.config;
  }

  /** Why the current content of the file is not in force; empty when it is in force. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /**
   * Resolves after the files were read again, by a read that begins after the call. It never rejects because
   * of the content of a file.
   */
  readonly refresh = oneAtATime(() => this.#read());

  async #read(): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if ((await this.#files.again()).equals(this.#files)) return;
      const files = new NotedFiles();
      const outcome = await this.#load(files);
      await sleep(this.#clock, BETWEEN_READS);
      if (!(await files.again()).equals(files)) continue;
      this.#files = files;
      if (outcome instanceof ConfigError) {
        this.#problems = outcome.problems;
        this.#listener.onRefused(outcome.problems);
      } else {
        this.#problems = [];
        this.#loaded = outcome;
        this.#listener.onChange();
      }
      return;
    }
  }

  async #load(files: NotedFiles): Promise<LoadedWebConfig | ConfigError> {
    try {
      return await loadWebConfig(this.#file, files.read, this.#loaded);
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
  }
}
