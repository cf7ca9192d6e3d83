import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Environment } from '../../src/input/environment.ts';

/** Loads `text` as the file `config.yml`. Every other file contains `hush`. */
export function loadText(text: string, env: Environment = {}): Promise<Config> {
  return loadConfig({
    file: 'config.yml',
    env,
    readFile: async (path) => (path === 'config.yml' ? text : 'hush'),
  });
}

/** The message of the error that `text` is refused with. */
export async function messageOf(text: string, env: Environment = {}): Promise<string> {
  return loadText(text, env).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}
