import { type Clock, SECOND, sleep, systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { type LoadedConfig, readConfig } from '../config/load.ts';
import { findLosses, leavesOut } from '../config/losses.ts';
import { NotedFiles } from '../config/noted-files.ts';
import { ConfigError } from '../input/problem.ts';
import { readText } from '../input/read-file.ts';
import { isReadableAgain } from '../input/readable-again.ts';
import type { ConfigFlags } from './flags.ts';
import { CommandError, EXIT, type Host } from './process/host.ts';
import { preparedUnlessEnding } from './process/until-ending.ts';

export interface ConfigSource {
  /**
   * Reads the configuration. From the second time on, it refuses a configuration that lost all accounts or
   * is cut short, because that must be an accident.
   *
   * @throws ConfigError with every problem
   */
  load(): Promise<Config>;
  /** The files that make up the configuration, as last read; none if they can be read only once. */
  readonly files: NotedFiles;
}

/**
 * Time between two reads of a file that has lost settings. The first read may have come while the file was
 * being written, so the file is accepted only when two reads give the same text.
 */
const BETWEEN_READS = SECOND / 2;

/** Upper bound on the reads of a file that changes between any two reads. */
const MOST_READS = 4;

/** The file that --config.file names, or else SAG_APP_EXPORTER_CONFIG; undefined or empty without either. */
export function configFileOf(flags: ConfigFlags, { env }: Pick<Host, 'env'>): string | undefined {
  return flags['config.file'] ?? env['SAG_APP_EXPORTER_CONFIG'];
}

/**
 * The configuration that --config.file names, or else SAG_APP_EXPORTER_CONFIG.
 *
 * @param options `hasStorage` is false for a daemon without a directory to keep anything in
 */
export function configSource(
  flags: ConfigFlags,
  host: Pick<Host, 'env'>,
  options: { readonly clock?: Clock; readonly hasStorage?: boolean } = {},
): ConfigSource {
  const { clock = systemClock, hasStorage = true } = options;
  const file = configFileOf(flags, host);
  let files = new NotedFiles();
  let previous: LoadedConfig | undefined;

  async function read(): Promise<LoadedConfig> {
    const isRepeatable = !file || (await isReadableAgain(file));
    if (!isRepeatable && previous) throw refusal(file, 'a file that can be read again', 'a pipe');
    files = new NotedFiles();
    const readFile = isRepeatable ? files.read : readText;
    return readConfig({ env: host.env, readFile, hasStorage, ...(file && { file }) });
  }

  /** Reads the file. If it has lost settings, reads it again until two reads give the same text. */
  async function readStable(): Promise<LoadedConfig> {
    let loaded = await read();
    for (
      let reads = 1;
      previous && leavesOut(previous.document.value, loaded.document.value);
      reads++
    ) {
      if (reads === MOST_READS) {
        throw refusal(
          loaded.file,
          'a file that does not change while it is read',
          'one that is being written',
        );
      }
      await sleep(clock, BETWEEN_READS);
      const again = await read();
      if (again.text === loaded.text) break;
      loaded = again;
    }
    return loaded;
  }

  return {
    async load() {
      const loaded = await readStable();
      const losses = previous ? [...findLosses(previous, loaded)] : [];
      if (losses.length > 0) throw new ConfigError(losses);
      previous = loaded;
      return loaded.config;
    },
    get files() {
      return files;
    },
  };
}

function refusal(file: string, expected: string, got: string): ConfigError {
  return new ConfigError([{ file, line: 1, column: 1, path: '', expected, got }]);
}

/**
 * Reads the configuration for a command.
 *
 * @throws CommandError with every problem of the configuration
 */
export function configOf(flags: ConfigFlags, host: Host): Promise<Config> {
  return preparedUnlessEnding(
    host,
    EXIT.failed,
    withCommandError(configSource(flags, host).load()),
  );
}

/**
 * Converts the ConfigError of a configuration or scenario.
 *
 * @throws CommandError with every problem
 */
export async function withCommandError<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, EXIT.failed);
    throw error;
  }
}
