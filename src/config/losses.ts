import { isMapping } from '../input/path.ts';
import type { ConfigProblem } from '../input/problem.ts';
import { isCutShort } from './cut-short.ts';
import type { LoadedConfig } from './load.ts';

/** A configuration file as somebody wrote it. */
type WrittenConfig = Pick<LoadedConfig, 'file' | 'text' | 'document'>;

/**
 * Whether a key or an item of a list that stood in one file is missing in the next. So it is on purpose
 * when somebody removes an account, and by accident when a file is read while it is written.
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
 * What a reload may not take away, since it would rather be an accident than a wish: every account,
 * every setting, or the end of a file that was cut within a line. A restart may.
 */
export function* findLosses(before: WrittenConfig, after: WrittenConfig): Generator<ConfigProblem> {
  const { file, text } = after;
  const [had, has] = [before.document.value, after.document.value];
  const problem = { file, line: 1, column: 1, path: '' };
  if (isCutShort(before.text, text)) {
    const got = 'the beginning of the file as it was before, cut within this line';
    yield { ...problem, line: text.split('\n').length, expected: 'a whole file', got };
  } else if (isEmpty(has) && !isEmpty(had)) {
    const expected = `a file with settings, ${AS_BEFORE}`;
    yield { ...problem, expected, got: 'one without any' };
  } else if (hasAccounts(had) && !hasAccounts(has)) {
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
