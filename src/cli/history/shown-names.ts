import type { Config } from '../../config/config.ts';
import { loadMetricsSection } from '../../config/load-metrics.ts';
import { userNamesOf } from '../../exporter/user-names.ts';
import { newestSessions } from '../../storage/history/newest-sessions.ts';
import { configFileOf, withCommandError } from '../config-source.ts';
import type { ConfigFlags } from '../flags.ts';
import { CommandError, EXIT, type Host } from '../process/host.ts';

/** How names are shown. The state has plain names, and a history has the names that were shown when it was written. */
export interface ShownNames {
  ofUser(name: string): string;
  /** Also for lines that were written before names were hashed. */
  ofLine(name: string): string;
  /** Whether a shown name is that of a user who is called `wanted`: by the shown name or by the plain one. */
  isOf(shown: string, wanted: string): boolean;
}

const PLAIN: ShownNames = {
  ofUser: (name) => name,
  ofLine: (name) => name,
  isOf: (shown, wanted) => shown === wanted,
};

/** A hash as hashedUserNames makes it. */
const HASH = /^[\da-f]{16}$/;

/**
 * Finds out how names are shown: as the configuration says, or without one as they are. Without one, a history of
 * hashes is refused, because the open sessions would be shown with plain names.
 *
 * @param folder with the files of the history
 * @throws CommandError
 */
export async function shownNames(
  flags: ConfigFlags,
  host: Pick<Host, 'env'>,
  folder: string,
): Promise<ShownNames> {
  const file = configFileOf(flags, host);
  if (!file) {
    const newest = await newestSessions(folder);
    if (newest.length === 0 || !newest.every(({ user_name }) => HASH.test(user_name))) return PLAIN;
    throw new CommandError(
      '--config.file: expected the configuration of the exporter, because its history has hashes instead of user names; without it, users who are still online would be shown with their names',
      EXIT.usage,
    );
  }
  return namesFor(await withCommandError(loadMetricsSection({ file, env: host.env })));
}

async function namesFor(metrics: Config['metrics']): Promise<ShownNames> {
  if (metrics.userName === 'omit') {
    throw new CommandError(
      'the configuration leaves out user names (metrics.user_name: omit), so the history is not shown',
      EXIT.failed,
    );
  }
  if (metrics.userName === 'plain') return PLAIN;
  const { of: hash } = await userNamesOf(metrics, () => 0);
  return {
    ofUser: hash,
    ofLine: (name) => (HASH.test(name) ? name : hash(name)),
    isOf: (shown, wanted) => shown === wanted || shown === hash(wanted),
  };
}
