import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Environment } from '../../src/input/environment.ts';

/** Loads `text` as if it were the file `config.yml`; every other file has `hush` in it. */
export function loadText(text: string, env: Environment = {}): Promise<Config> {
  return loadConfig({
    file: 'config.yml',
    env,
    readFile: async (path) => (path === 'config.yml' ? text : 'hush'),
  });
}

/** The message with which `text` is refused. */
export async function messageOf(text: string, env: Environment = {}): Promise<string> {
  return loadText(text, env).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}
