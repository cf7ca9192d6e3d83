import { CurrentWebConfig } from '../../config/web/current.ts';
import { formatProblem } from '../../input/problem.ts';
import type { Log } from '../../log.ts';
import { withCommandError } from '../config-source.ts';

/**
 * Opens the web configuration that the flag names and logs its later changes.
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
      onChange: () => log.info({ file }, 'the changed web configuration is in force'),
      onRefused: (problems) =>
        log.error(
          { problems: problems.map(formatProblem) },
          'the changed web configuration cannot be used; the earlier web configuration stays in force',
        ),
    }),
  );
}
