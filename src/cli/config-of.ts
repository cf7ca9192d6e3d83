import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../input/problem.ts';
import { CommandError, EXIT, type Host } from './host.ts';

/**
 * The configuration that the flag, else SAG_APP_EXPORTER_CONFIG, names.
 *
 * @throws CommandError with every problem of the configuration
 */
export async function configOf(
  flags: { readonly 'config.file'?: string },
  host: Host,
): Promise<Config> {
  const file = flags['config.file'] ?? host.env['SAG_APP_EXPORTER_CONFIG'];
  try {
    return await loadConfig({ env: host.env, ...(file && { file }) });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, EXIT.failed);
    throw error;
  }
}
