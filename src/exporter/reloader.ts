import type { Config } from '../config/config.ts';
import { oneAtATime } from '../config/one-at-a-time.ts';
import { ConfigError, formatProblem } from '../input/problem.ts';
import type { Log } from '../log.ts';
import type { Changes } from './polled-accounts.ts';

export interface ReloaderOptions {
  /** @throws ConfigError when the configuration cannot be used */
  readonly load: () => Promise<Config>;
  /**
   * @throws Error when the configuration cannot be put into force; the earlier configuration then stays in
   *   force
   */
  readonly apply: (config: Config) => Promise<Changes>;
  readonly refused: (problems: readonly string[]) => void;
  readonly log: Log;
}

/**
 * Creates a function that reloads the configuration: either all of it comes into force, or nothing changes.
 * Reloads run one at a time. All requests during a reload share one further reload after it.
 *
 * @returns a function that resolves to the problems of the configuration; to none when it is in force
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
      log.error(
        { problems },
        'the configuration is not reloaded; the earlier configuration stays in force',
      );
      return problems;
    }
  });
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems.map(formatProblem);
  return [error instanceof Error ? error.message : String(error)];
}
