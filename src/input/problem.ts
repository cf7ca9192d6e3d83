import type { Path } from './path.ts';

/** A line and a column of a file; both start at 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A problem at a path whose position in the file is not yet known. */
export interface Finding {
  readonly path: Path;
  /** The accepted values, to follow "expected". */
  readonly expected: string;
  /** A description of the actual value, to follow "got"; contains no secret. */
  readonly got: string;
  /** @default the position of `path` */
  readonly position?: TextPosition;
}

/** A problem of a configuration or a scenario. No field ever contains a secret. */
export interface ConfigProblem extends TextPosition {
  readonly file: string;
  /** The path of the key, such as `accounts[0].regions`; empty for the file as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** A configuration or a scenario cannot be used. `problems` lists all its problems, in file order. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** Formats a problem as one line: `config.yml:12:5: polling.timeout: expected ...; got ...`. */
export function formatProblem(problem: ConfigProblem): string {
  return format(problem, '');
}

/** Formats a warning as one line: `config.yml:3:15: accounts[0].regions[0]: warning: expected ...`. */
export function formatWarning(warning: ConfigProblem): string {
  return format(warning, 'warning: ');
}

function format({ file, line, column, path, expected, got }: ConfigProblem, mark: string): string {
  const key = path === '' ? '' : `${path}: `;
  return `${file}:${line}:${column}: ${key}${mark}expected ${expected}; got ${got}`;
}
