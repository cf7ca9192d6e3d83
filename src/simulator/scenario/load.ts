import { locateProblems, readDocument } from '../../input/document.ts';
import type { Environment } from '../../input/environment.ts';
import { ConfigError } from '../../input/problem.ts';
import { type ReadFile, readInputFile, readText } from '../../input/read-file.ts';
import { validate } from '../../input/validate.ts';
import { type Scenario, toScenario } from './scenario.ts';
import { scenarioFormat } from './schema.ts';

export interface ScenarioSource {
  /** The variables that `${NAME}` in the file stands for. @default none */
  readonly env?: Environment;
  /** @default reads from the file system */
  readonly readFile?: ReadFile;
}

/**
 * Reads and checks a scenario file.
 *
 * @throws ConfigError with every problem at once
 */
export async function loadScenario(file: string, source: ScenarioSource = {}): Promise<Scenario> {
  const { env = {}, readFile = readText } = source;
  const document = readDocument(
    await readInputFile(file, readFile, { mayBePipe: true }),
    file,
    env,
  );
  const { output, findings } = validate(scenarioFormat, document.value, document);
  const problems = locateProblems([...document.findings, ...findings], file, document);
  if (output === undefined || problems.length > 0) throw new ConfigError(problems);
  return toScenario(output);
}
