import type { Path } from './path.ts';

/** A line and a column of a file, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Something wrong at a path, before it is known where in the file that path stands. */
export interface Finding {
  readonly path: Path;
  /** What the key takes, completing "expected ...". */
  readonly expected: string;
  /** What stands there, completing "got ...", without secrets. */
  readonly got: string;
  /** Where, if the path does not tell. */
  readonly position?: TextPosition;
}

/** One thing wrong with a configuration or a scenario. No field ever holds a secret. */
export interface ConfigProblem extends TextPosition {
  readonly file: string;
  /** The key's path, such as `accounts[0].regions`; empty where the file as a whole is meant. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** A configuration or a scenario cannot be used; `problems` says all that is wrong with it, in file order. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** One line: `config.yml:12:5: polling.timeout: expected ...; got ...`. */
export function formatProblem(problem: ConfigProblem): string {
  return format(problem, '');
}

/** The line of something doubtful: `config.yml:3:15: accounts[0].regions[0]: warning: expected ...`. */
export function formatWarning(warning: ConfigProblem): string {
  return format(warning, 'warning: ');
}

function format({ file, line, column, path, expected, got }: ConfigProblem, mark: string): string {
  const key = path === '' ? '' : `${path}: `;
  return `${file}:${line}:${column}: ${key}${mark}expected ${expected}; got ${got}`;
}
