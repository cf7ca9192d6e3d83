import { ConfigError, type ConfigProblem } from '../../input/problem.ts';
import { NotedFiles } from '../noted-files.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { loadWebConfig } from './load.ts';
import type { WebConfig } from './web-config.ts';

/** Who is told what becomes of a changed file. */
export interface WebConfigListener {
  /** A changed file is used from now on. */
  onChange(): void;
  /** A changed file cannot be used: what was read before stays. Told once for each change. */
  onRefused(problems: readonly ConfigProblem[]): void;
}

/**
 * The web configuration in force. As in the toolkit its files are read again whenever that may
 * matter, so that new certificates and users need no restart; only what is read differently is
 * looked at. Unlike there, a file that cannot be used changes nothing.
 */
export class CurrentWebConfig {
  readonly #file: string;
  readonly #listener: WebConfigListener;
  #config: WebConfig;
  #files: NotedFiles;
  #problems: readonly ConfigProblem[] = [];

  private constructor(
    file: string,
    listener: WebConfigListener,
    first: { readonly config: WebConfig; readonly files: NotedFiles },
  ) {
    this.#file = file;
    this.#listener = listener;
    this.#config = first.config;
    this.#files = first.files;
  }

  /** @throws ConfigError when the file cannot be used */
  static async open(file: string, listener: WebConfigListener): Promise<CurrentWebConfig> {
    const files = new NotedFiles();
    const config = await loadWebConfig(file, files.read);
    return new CurrentWebConfig(file, listener, { config, files });
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
  readonly refresh = oneAtATime(() => this.#read());

  async #read(): Promise<void> {
    if ((await this.#files.again()).equals(this.#files)) return;
    const files = new NotedFiles();
    try {
      const config = await loadWebConfig(this.#file, files.read);
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
      this.#files = files;
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
