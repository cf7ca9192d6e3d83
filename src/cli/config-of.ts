import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { NotedFiles } from '../config/noted-files.ts';
import { ConfigError } from '../input/problem.ts';
import { CommandError, EXIT, type Host } from './host.ts';

/** Flags that name a configuration. */
export interface ConfigFlags {
  readonly 'config.file'?: string;
}

/** A configuration that can be read again. */
export interface ConfigSource {
  /** @throws ConfigError with every problem */
  load(): Promise<Config>;
  /** The files it is made of, as they were last read. */
  readonly files: NotedFiles;
}

/** The configuration that the flag, else SAG_APP_EXPORTER_CONFIG, names. */
export function configSource(flags: ConfigFlags, host: Host): ConfigSource {
  const file = flags['config.file'] ?? host.env['SAG_APP_EXPORTER_CONFIG'];
  let files = new NotedFiles();
  return {
    load() {
      files = new NotedFiles();
      return loadConfig({ env: host.env, readFile: files.read, ...(file && { file }) });
    },
    get files() {
      return files;
    },
  };
}

/**
 * The configuration that a command is to use.
 *
 * @throws CommandError with every problem of the configuration
 */
export function configOf(flags: ConfigFlags, host: Host): Promise<Config> {
  return usable(configSource(flags, host).load());
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
