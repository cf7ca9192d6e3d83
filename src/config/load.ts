import type { Config } from './config.ts';
import { withDefaultRegion } from './default-region.ts';
import { type ConfigDocument, readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { deepFreeze } from './freeze.ts';
import { findNotYet } from './not-yet.ts';
import { formatPath } from './path.ts';
import { ConfigError, type ConfigProblem, type Finding } from './problem.ts';
import {
  checkReferencedFiles,
  describeReadError,
  locate,
  type ReadFile,
  readText,
} from './referenced-files.ts';
import { CONFIG_FORMAT } from './schema/schema.ts';
import { toConfig } from './to-config.ts';
import { validate } from './validate.ts';

/** What a configuration is made of. */
export interface ConfigSource {
  /** The configuration file; without one everything has its default. */
  readonly file?: string;
  /** The variables that `${NAME}` stands for, and the region of accounts that give none. */
  readonly env: Environment;
  /** How files are read; from the file system by default. */
  readonly readFile?: ReadFile;
}

/** What problems name when there is no configuration file. */
const NO_FILE = '<environment>';

/**
 * Reads, checks and completes a configuration. Files it names are only checked to be there: their
 * content belongs to whoever uses it.
 *
 * @throws ConfigError with every problem at once
 */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  const { file, env, readFile = readText } = source;
  const written = file === undefined ? '' : await readConfigFile(file, readFile);
  const document = readDocument(written, file ?? NO_FILE, env);
  const region = withDefaultRegion(document.value, env);
  const validation = validate(region.value, document, CONFIG_FORMAT);
  const files = await checkReferencedFiles(validation.tree, file, readFile);
  const findings = [
    ...document.findings,
    ...region.findings,
    ...validation.findings,
    ...findNotYet(validation.tree),
    ...files.filter(({ path }) => !document.isUnresolved(path)),
  ];
  const problems = findings
    .map((finding) => toProblem(finding, file ?? NO_FILE, document))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  if (validation.file === undefined || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(toConfig(validation.file, (path) => locate(path, file)));
}

/** Everything wrong with a configuration file, in file order; empty when it can be used. */
export async function checkConfigFile(
  file: string,
  env: Environment,
): Promise<readonly ConfigProblem[]> {
  try {
    await loadConfig({ file, env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** @throws ConfigError when there is no such file, or it cannot be read */
export async function readConfigFile(file: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(file);
  } catch (error) {
    const got = describeReadError(error);
    throw new ConfigError([
      { file, line: 1, column: 1, path: '', expected: 'a readable file', got },
    ]);
  }
}

/** A finding with its place in the file. */
export function toProblem(finding: Finding, file: string, document: ConfigDocument): ConfigProblem {
  const { path, expected, got, place = document.placeOf(path) } = finding;
  return { file, line: place.line, column: place.column, path: formatPath(path), expected, got };
}
