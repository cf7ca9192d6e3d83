import { isMapping } from '../input/path.ts';
import type { ConfigProblem } from '../input/problem.ts';
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
    return (
      !isMapping(after) || Object.keys(before).some((key) => leavesOut(before[key], after[key]))
    );
  }
  return before !== undefined && after === undefined;
}

/**
 * What a reload may not take away, since it would rather be an accident than a wish: every account,
 * every setting, or the end of a file that was cut within a line. A restart may.
 */
export function* findLosses(before: WrittenConfig, after: WrittenConfig): Generator<ConfigProblem> {
  const { file, text } = after;
  const [had, has] = [before.document.value, after.document.value];
  const problem = (path: string, expected: string, got: string): ConfigProblem => ({
    file,
    line: 1,
    column: 1,
    path,
    expected: `${expected}, as before the reload (a restart may take it away)`,
    got,
  });
  if (isCut(before.text, text)) {
    const line = text.split('\n').length;
    yield { ...problem('', 'the file up to its end', 'its beginning, cut within this line'), line };
  } else if (isEmpty(has) && !isEmpty(had)) {
    yield problem('', 'a file with settings', 'one without any');
  } else if (hasAccounts(had) && !hasAccounts(has)) {
    yield problem('accounts', 'at least one account', 'none');
  }
}

/** Who removes the end of a file on purpose leaves whole lines. */
function isCut(before: string, after: string): boolean {
  const isWhole = before.endsWith('\n') && !after.endsWith('\n');
  return isWhole && after.length < before.length - 1 && before.startsWith(after) && after !== '';
}

const hasAccounts = (value: unknown): boolean =>
  isMapping(value) && value['accounts'] !== undefined;

const isEmpty = (value: unknown): boolean =>
  !isMapping(value) || Object.keys(value).every((key) => value[key] === undefined);
