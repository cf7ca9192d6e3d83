import { locateProblems, readDocument } from '../input/document.ts';
import { valueAt } from '../input/path.ts';
import { ConfigError, type Finding } from '../input/problem.ts';
import { readInputFile, readText } from '../input/read-file.ts';
import { validate } from '../input/validate.ts';
import { camelKeys } from './camel-keys.ts';
import type { Config } from './config.ts';
import type { ConfigSource } from './load.ts';
import { checkReferencedFiles, locate } from './referenced-files.ts';
import { metrics } from './schema/metrics.ts';
import { configFile, configFormat } from './schema/schema.ts';

const OTHER_SECTIONS: ReadonlySet<unknown> = new Set(
  Object.keys(configFile.shape).filter((key) => key !== 'metrics'),
);

/**
 * Reads only the section `metrics` of a configuration file. Problems of other sections do not matter: an auditor
 * who asks how names are shown need not have the variables and files that the credentials come from.
 *
 * @throws ConfigError with every problem of the section
 */
export async function loadMetricsSection({
  file,
  env,
  readFile = readText,
}: ConfigSource & { readonly file: string }): Promise<Config['metrics']> {
  const text = await readInputFile(file, readFile, { mayBePipe: true });
  const document = readDocument(text, file, env);
  const { tree, findings } = validate(configFormat, document.value, document);
  const own = valueAt(tree, ['metrics']);
  const files = await checkReferencedFiles({ metrics: own }, file, readFile);
  const matters = ({ path: [top] }: Finding): boolean => !OTHER_SECTIONS.has(top);
  const problems = locateProblems(
    [
      ...document.findings.filter(matters),
      ...findings.filter(matters),
      ...files.filter(({ path }) => !document.isUnresolved(path)),
    ],
    file,
    document,
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return camelKeys(metrics.parse(own), (path) => locate(path, file));
}
