import { hostname } from 'node:os';
import { describeValue, HIDDEN } from '../input/describe-value.ts';
import { type ConfigDocument, locateProblems, readDocument } from '../input/document.ts';
import type { Environment } from '../input/environment.ts';
import { nearest } from '../input/nearest.ts';
import { find, isMapping, valueAt } from '../input/path.ts';
import { ConfigError, type ConfigProblem, type Finding } from '../input/problem.ts';
import { type ReadFile, readInputFile, readText } from '../input/read-file.ts';
import { validate } from '../input/validate.ts';
import { REGION, REGION_EXPECTED } from '../input/values.ts';
import { type Config, toConfig } from './config.ts';
import { findWrongHostName } from './host-ordinal.ts';
import { checkReferencedFiles, locate } from './referenced-files.ts';
import { DEFAULT_ACCOUNT } from './schema/accounts.ts';
import { historyNeedsStorage } from './schema/history.ts';
import { configFormat } from './schema/schema.ts';

export interface ConfigSource {
  /** @default no file: every key has its default */
  readonly file?: string;
  /**
   * The variables that `${NAME}` refers to, ALIBABA_CLOUD_REGION_ID for accounts without a region, and
   * HOSTNAME, which overrides the host name of the system.
   */
  readonly env: Environment;
  /** @default reads from the file system */
  readonly readFile?: ReadFile;
  /** Whether there is a directory to keep things in; without it, a history is refused. @default true */
  readonly hasStorage?: boolean;
}

/** The name of the file in problems when there is no configuration file. */
const NO_FILE = '<environment>';

export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  readonly text: string;
  readonly document: ConfigDocument;
  /** The values of the document, with the region of ALIBABA_CLOUD_REGION_ID filled in. */
  readonly tree: unknown;
}

export async function loadConfig(source: ConfigSource): Promise<Config> {
  return (await readConfig(source)).config;
}

/**
 * Reads and validates a configuration. Files that it names are read only to check them; they are read again
 * where they are used.
 *
 * @throws ConfigError with every problem at once
 */
export async function readConfig(source: ConfigSource): Promise<LoadedConfig> {
  const { file, env, readFile = readText, hasStorage = true } = source;
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
    ...(hasStorage ? [] : historyNeedsStorage(validation.tree)),
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

/** The result of checking a configuration file. Both lists are in file order. */
export interface ConfigCheck {
  /** A file with a problem cannot be used. */
  readonly problems: readonly ConfigProblem[];
  /** Values that are accepted and are probably mistakes. */
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Finds all problems of a configuration file.
 *
 * @param knownRegions every other region gives a warning
 */
export async function checkConfigFile(
  file: string,
  env: Environment,
  knownRegions: readonly string[],
): Promise<ConfigCheck> {
  try {
    const { document, tree } = await readConfig({ file, env });
    const warnings = [...findUnknownRegions(tree, document, knownRegions)];
    return { problems: [], warnings: locateProblems(warnings, file, document) };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

/**
 * Finds regions of accounts and instances that are not in the list. Such a region is probably misspelt, or
 * newer than the list.
 *
 * @param tree the values of the document, with the region of ALIBABA_CLOUD_REGION_ID filled in
 */
function* findUnknownRegions(
  tree: unknown,
  document: ConfigDocument,
  knownRegions: readonly string[],
): Generator<Finding> {
  const patterns = ['accounts[*].regions[*]', 'accounts[*].instances[*].region'];
  for (const { path, value: region } of patterns.flatMap((pattern) => find(tree, pattern))) {
    if (typeof region !== 'string' || knownRegions.includes(region)) continue;
    const near = nearest(region, knownRegions);
    const expected = near ? `a known region, perhaps ${near}` : 'a known region';
    const isWritten = valueAt(document.value, path) !== undefined;
    const got = isWritten ? describeValue(region, path, document.isExpanded(path)) : HIDDEN;
    yield { path, expected, got };
  }
}

const VARIABLE = 'ALIBABA_CLOUD_REGION_ID';

/** Fills in the region of ALIBABA_CLOUD_REGION_ID in every account without regions. */
function withDefaultRegion(
  file: unknown,
  env: Environment,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const region = env[VARIABLE]?.trim();
  if (!region || !isMapping(file)) return { value: file, findings: [] };
  const accounts = file['accounts'] ?? [DEFAULT_ACCOUNT];
  if (!Array.isArray(accounts) || accounts.every(hasRegions)) return { value: file, findings: [] };
  if (!REGION.test(region)) {
    const expected = `${REGION_EXPECTED} in the environment variable ${VARIABLE}`;
    return { value: file, findings: [{ path: ['accounts'], expected, got: HIDDEN }] };
  }
  const filled = accounts.map((account) =>
    hasRegions(account) ? account : { ...account, regions: [region] },
  );
  return { value: { ...file, accounts: filled }, findings: [] };
}

/** True also for a value that is not an account, because the schema reports it. */
function hasRegions(account: unknown): boolean {
  if (!isMapping(account)) return true;
  const regions = account['regions'];
  return regions !== undefined && !(Array.isArray(regions) && regions.length === 0);
}
