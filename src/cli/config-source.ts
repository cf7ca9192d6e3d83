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

/** A configuration that can be read again. */
export interface ConfigSource {
  /**
   * Reads the configuration. From the second time on, what takes away all accounts or is cut short is
   * refused: it would be an accident.
   *
   * @throws ConfigError with every problem
   */
  load(): Promise<Config>;
  /** The files it is made of, as they were last read; none where they can be read only once. */
  readonly files: NotedFiles;
}

/**
 * Time between two reads of a file that has lost settings. It may have been read while it was being
 * written, so it is believed only when it reads the same twice.
 */
const BETWEEN_READS = SECOND / 2;

/** Reads in a row before a file that changes with each of them is given up. */
const MOST_READS = 4;

/** The configuration that the flag, else SAG_APP_EXPORTER_CONFIG, names. */
export function configSource(
  flags: ConfigFlags,
  host: Pick<Host, 'env'>,
  clock: Clock = systemClock,
): ConfigSource {
  const file = flags['config.file'] ?? host.env['SAG_APP_EXPORTER_CONFIG'];
  let files = new NotedFiles();
  let before: LoadedConfig | undefined;

  async function read(): Promise<LoadedConfig> {
    const isRepeatable = !file || (await isReadableAgain(file));
    if (!isRepeatable && before) throw refusal(file, 'a file that can be read again', 'a pipe');
    files = new NotedFiles();
    const readFile = isRepeatable ? files.read : readText;
    return readConfig({ env: host.env, readFile, ...(file && { file }) });
  }

  /** Reads a file that has lost settings again, until it reads the same twice. */
  async function readStill(): Promise<LoadedConfig> {
    let loaded = await read();
    for (
      let reads = 1;
      before && leavesOut(before.document.value, loaded.document.value);
      reads++
    ) {
      if (reads === MOST_READS) {
        throw refusal(loaded.file, 'a file that stands still', 'one that is being written');
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
      const loaded = await readStill();
      const losses = before ? [...findLosses(before, loaded)] : [];
      if (losses.length > 0) throw new ConfigError(losses);
      before = loaded;
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
 * The configuration that a command is to use.
 *
 * @throws CommandError with every problem of the configuration
 */
export function configOf(flags: ConfigFlags, host: Host): Promise<Config> {
  return preparedUnlessEnding(host, EXIT.failed, usable(configSource(flags, host).load()));
}

/** @throws CommandError with every problem of what is loaded */
export async function usable<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, EXIT.failed);
    throw error;
  }
}
