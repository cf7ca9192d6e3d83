import { ERROR_KINDS } from '../../src/model/api-error.ts';

/** The table of the kinds of errors in docs/design.md. */
export function errorKindReference(): string {
  const rows = Object.entries(ERROR_KINDS).map(
    ([kind, { meaning, retry }]) => `| \`${kind}\` | ${meaning} | ${retry} |`,
  );
  return ['| kind | meaning | tried again |', '|---|---|---|', ...rows].join('\n');
}
