import type { Config } from '../config/config.ts';
import { oneAtATime } from '../config/one-at-a-time.ts';
import { ConfigError, formatProblem } from '../input/problem.ts';
import type { Log } from '../log.ts';
import type { Changes } from './polled-accounts.ts';

/** What reloading needs. */
export interface ReloaderOptions {
  /** @throws ConfigError when the configuration cannot be used */
  readonly load: () => Promise<Config>;
  /** @throws Error when it cannot be followed; then nothing has changed */
  readonly apply: (config: Config) => Promise<Changes>;
  readonly refused: (problems: readonly string[]) => void;
  readonly log: Log;
}

/**
 * Reloads the configuration: all of it is followed, or nothing changes. Reloads are made one at a
 * time; what is asked for during one is done after it, once.
 *
 * @returns what is wrong with the configuration; empty when it is in force
 */
export function reloader(options: ReloaderOptions): () => Promise<readonly string[]> {
  const { load, apply, refused, log } = options;
  return oneAtATime(async () => {
    try {
      const changes = await apply(await load());
      log.info(changes, 'the configuration is reloaded');
      return [];
    } catch (error) {
      const problems = problemsOf(error);
      refused(problems);
      log.error({ problems }, 'the configuration is not reloaded; the one before stays in force');
      return problems;
    }
  });
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems.map(formatProblem);
  return [error instanceof Error ? error.message : String(error)];
}
