import { isMapping } from '../input/path.ts';
import type { ConfigProblem } from '../input/problem.ts';
import { isCutShort } from './cut-short.ts';
import type { LoadedConfig } from './load.ts';

type WrittenConfig = Pick<LoadedConfig, 'file' | 'text' | 'document'>;

/**
 * Whether a key or a list item of one file is missing in the next. An administrator who removes an account
 * intends that; a file that is read while it is being written has lost it by accident.
 */
export function leavesOut(before: unknown, after: unknown): boolean {
  if (Array.isArray(before)) {
    return !Array.isArray(after) || before.some((item, i) => leavesOut(item, after[i]));
  }
  if (isMapping(before)) {
    if (!isMapping(after)) return true;
    // A key such as `toString` that is gone would otherwise be found on the prototype.
    const valueAfter = (key: string): unknown =>
      Object.hasOwn(after, key) ? after[key] : undefined;
    return Object.keys(before).some((key) => leavesOut(before[key], valueAfter(key)));
  }
  return before !== undefined && after === undefined;
}

const AS_BEFORE = 'as before (to run without, restart)';

/**
 * Finds what a file has probably lost by accident: every setting, every account, or its end when it is cut
 * within a line. A reload refuses such a file; a restart accepts it.
 */
export function* findLosses(before: WrittenConfig, after: WrittenConfig): Generator<ConfigProblem> {
  const { file, text } = after;
  const [earlier, current] = [before.document.value, after.document.value];
  const problem = { file, line: 1, column: 1, path: '' };
  if (isCutShort(before.text, text)) {
    const got = 'the beginning of the file as it was before, cut within this line';
    yield { ...problem, line: text.split('\n').length, expected: 'a whole file', got };
  } else if (isEmpty(current) && !isEmpty(earlier)) {
    const expected = `a file with settings, ${AS_BEFORE}`;
    yield { ...problem, expected, got: 'one without any' };
  } else if (hasAccounts(earlier) && !hasAccounts(current)) {
    yield {
      ...problem,
      path: 'accounts',
      expected: `at least one account, ${AS_BEFORE}`,
      got: 'none',
    };
  }
}

const hasAccounts = (value: unknown): boolean =>
  isMapping(value) && value['accounts'] !== undefined;

const isEmpty = (value: unknown): boolean =>
  !isMapping(value) || Object.keys(value).every((key) => value[key] === undefined);
