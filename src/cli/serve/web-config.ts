import { CurrentWebConfig } from '../../config/web/current.ts';
import { formatProblem } from '../../input/problem.ts';
import type { Log } from '../../log.ts';
import { withCommandError } from '../config-source.ts';

/**
 * The web configuration that the flag names, which tells the log what becomes of it later; absent
 * without the flag.
 *
 * @throws CommandError with every problem of the file
 */
export async function openWebConfig(
  file: string | undefined,
  log: Log,
): Promise<CurrentWebConfig | undefined> {
  if (file === undefined) return undefined;
  return withCommandError(
    CurrentWebConfig.open(file, {
      onChange: () => log.info({ file }, 'the web configuration has changed and is in force'),
      onRefused: (problems) =>
        log.error(
          { problems: problems.map(formatProblem) },
          'the web configuration has changed and cannot be used; the one before stays in force',
        ),
    }),
  );
}
