import { hostname } from 'node:os';
import { type ConfigDocument, locateProblems, readDocument } from '../input/document.ts';
import type { Environment } from '../input/environment.ts';
import { ConfigError, type ConfigProblem } from '../input/problem.ts';
import { type ReadFile, readInputFile, readText } from '../input/read-file.ts';
import { validate } from '../input/validate.ts';
import { type Config, toConfig } from './config.ts';
import { withDefaultRegion } from './default-region.ts';
import { findWrongHostName } from './host-ordinal.ts';
import { checkReferencedFiles, locate } from './referenced-files.ts';
import { configFormat } from './schema/schema.ts';
import { findUnknownRegions } from './unknown-regions.ts';

/** What a configuration is made of. */
export interface ConfigSource {
  /** The configuration file; without one everything has its default. */
  readonly file?: string;
  /**
   * The variables that `${NAME}` stands for, the region of accounts that give none, and the host's
   * name where HOSTNAME gives another than the system.
   */
  readonly env: Environment;
  /** How files are read; from the file system by default. */
  readonly readFile?: ReadFile;
}

/** What problems name when there is no configuration file. */
const NO_FILE = '<environment>';

/** A configuration and the file that it was read from. */
export interface LoadedConfig {
  readonly config: Config;
  /** The file as problems name it. */
  readonly file: string;
  readonly text: string;
  readonly document: ConfigDocument;
  /** The values of the document, with the environment's region filled in. */
  readonly tree: unknown;
}

/** As `readConfig`, without the file. */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  return (await readConfig(source)).config;
}

/**
 * Reads, checks and completes a configuration. Files that it names are read here only to check them. They
 * are read again where they are used.
 *
 * @throws ConfigError with every problem at once
 */
export async function readConfig(source: ConfigSource): Promise<LoadedConfig> {
  const { file, env, readFile = readText } = source;
  const hostName = env['HOSTNAME'] || hostname();
  const text = file === undefined ? '' : await readInputFile(file, readFile, { mayBePipe: true });
  const document = readDocument(text, file ?? NO_FILE, env);
  const region = withDefaultRegion(document.value, env);
  const validation = validate(configFormat, region.value, document);
  const files = await checkReferencedFiles(validation.tree, file, readFile);
  const findings = [
    ...document.findings,
    ...region.findings,
    ...validation.findings,
    ...findWrongHostName(validation.tree, hostName),
    ...files.filter(({ path }) => !document.isUnresolved(path)),
  ];
  const problems = locateProblems(findings, file ?? NO_FILE, document);
  if (validation.output === undefined || problems.length > 0) throw new ConfigError(problems);
  const config = toConfig(validation.output, { locate: (path) => locate(path, file), hostName });
  return {
    config,
    file: file ?? NO_FILE,
    text,
    document,
    tree: validation.tree,
  };
}

/** The result of checking a configuration file; both lists are in file order. */
export interface ConfigCheck {
  /** Each of them prevents the use of the file. */
  readonly problems: readonly ConfigProblem[];
  /** Values that can be used and are probably mistakes. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Finds everything that is wrong with a configuration file.
 *
 * @param knownRegions any other region gives a warning
 */
export async function checkConfigFile(
  file: string,
  env: Environment,
  knownRegions: readonly string[],
): Promise<ConfigCheck> {
  try {
    const { document, tree } = await readConfig({ file, env });
    const doubts = [...findUnknownRegions(tree, document, knownRegions)];
    return { problems: [], warnings: locateProblems(doubts, file, document) };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}
