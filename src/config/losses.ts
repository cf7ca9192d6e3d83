import { isMapping } from '../input/path.ts';
import type { ConfigProblem } from '../input/problem.ts';
import { isCutShort } from './cut-short.ts';
import type { LoadedConfig } from './load.ts';

type WrittenConfig = Pick<LoadedConfig, 'file' | 'text' | 'document'>;

/**
 * Whether a key or a list item of `before` is missing in `after`. An administrator may have removed it on
 * purpose, or the file was read while it was being written.
 */
export function leavesOut(before: unknown, after: unknown): boolean {
  if (Array.isArray(before)) {
    return !Array.isArray(after) || before.some((item, i) => leavesOut(item, after[i]));
  }
  if (isMapping(before)) {
    if (!isMapping(after)) return true;
    // Without hasOwn, a missing key such as `toString` would be found on the prototype.
    const valueAfter = (key: string): unknown =>
      Object.hasOwn(after, key) ? after[key] : undefined;
    return Object.keys(before).some((key) => leavesOut(before[key], valueAfter(key)));
  }
  return before !== undefined && after === undefined;
}

const AS_BEFORE = 'as before (to run without them, restart the exporter)';

/**
 * Finds what a file has probably lost by accident: all its settings, all its accounts, or its end when it is
 * cut within a line. A reload refuses such a file. A restart accepts it.
 */
export function* findLosses(before: WrittenConfig, after: WrittenConfig): Generator<ConfigProblem> {
  const { file, text } = after;
  const [earlier, current] = [before.document.value, after.document.value];
  const problem = { file, line: 1, column: 1, path: '' };
  if (isCutShort(before.text, text)) {
    const got = 'only the beginning of the earlier file, cut within this line';
    yield { ...problem, line: text.split('\n').length, expected: 'a whole file', got };
  } else if (isEmpty(current) && !isEmpty(earlier)) {
    const expected = `a file with settings, ${AS_BEFORE}`;
    yield { ...problem, expected, got: 'a file without settings' };
  } else if (hasAccounts(earlier) && !hasAccounts(current)) {
    yield {
      ...problem,
      path: 'accounts',
      expected: `at least one account, ${AS_BEFORE}`,
      got: 'no account',
    };
  }
}

const hasAccounts = (value: unknown): boolean =>
  isMapping(value) && value['accounts'] !== undefined;

const isEmpty = (value: unknown): boolean =>
  !isMapping(value) || Object.keys(value).every((key) => value[key] === undefined);
