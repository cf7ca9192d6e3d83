import { type Clock, sleep, systemClock } from '../../clock.ts';
import { ConfigError, type ConfigProblem } from '../../input/problem.ts';
import { NotedFiles } from '../noted-files.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { loadWebConfig } from './load.ts';
import type { LoadedWebConfig } from './protection.ts';
import type { WebConfig } from './web-config.ts';

/** Who is told what becomes of a changed file. */
export interface WebConfigListener {
  /** A changed file is used from now on. */
  onChange(): void;
  /** A changed file cannot be used: what was read before stays. Told once for each change. */
  onRefused(problems: readonly ConfigProblem[]): void;
}

/**
 * Milliseconds between two looks at changed files. A file that is rewritten in place is empty or cut for less
 * than one as a rule, and only what reads alike in both looks is believed.
 */
const BETWEEN_LOOKS = 25;

/** Times that files are read which change while they are, before they are left to a later request. */
const MOST_LOOKS = 3;

/**
 * The web configuration in force. As in the toolkit its files are read again whenever that may
 * matter, so that new certificates and users need no restart; only what is read differently is
 * looked at. Unlike there, a file that cannot be used changes nothing, and neither does a file that is being
 * written, or one that has lost what protects the server.
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

  /** Why the file as it is now is not used; empty when it is. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /**
   * Has the files read as they are now, or later: what began to read before the call does not count.
   * Never rejects for what stands in a file.
   */
  readonly refresh = oneAtATime(() => this.#read());

  async #read(): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      if ((await this.#files.again()).equals(this.#files)) return;
      const files = new NotedFiles();
      const outcome = await this.#load(files);
      await sleep(this.#clock, BETWEEN_LOOKS);
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
