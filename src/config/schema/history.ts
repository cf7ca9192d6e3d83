import { DAY } from '../../clock.ts';
import { type Mapping, valueAt } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { duration, flag, section } from '../../input/values.ts';

export const history = section({
  enabled: flag()
    .prefault(false)
    .describe(
      'Whether each session that ends is written to a file under `--storage.path`, which must be given; refused with `user_name: omit`.',
    ),
  keep: duration(DAY)
    .prefault('90d')
    .describe('How long a day is kept after it has ended; then its file is deleted.'),
})
  .prefault({})
  .describe('The record of sessions that have ended; see [audit.md](audit.md).');

const ENABLED = ['history', 'enabled'];

const isHistoryEnabled = (file: unknown): boolean => valueAt(file, ENABLED) === true;

export const historyRules: readonly Rule[] = [{ at: '', check: historyNeedsNames }];

function* historyNeedsNames(file: Mapping): Generator<Finding> {
  if (!isHistoryEnabled(file) || valueAt(file, ['metrics', 'user_name']) !== 'omit') return;
  yield { path: ENABLED, expected: 'false, because metrics.user_name is omit', got: 'true' };
}

/**
 * The problem of a configuration whose history has no place to be kept.
 *
 * @param file values that are not yet validated
 */
export function* historyNeedsStorage(file: unknown): Generator<Finding> {
  if (!isHistoryEnabled(file)) return;
  const expected =
    'false, or a start with the flag --storage.path=DIRECTORY, under which the history is kept';
  yield { path: ENABLED, expected, got: 'true' };
}
