import { checkConfigFile } from '../config/load.ts';
import { formatProblem, formatWarning } from '../input/problem.ts';
import { KNOWN_REGIONS } from '../smartag/known-regions.ts';
import { EXIT, type Host } from './process/host.ts';
import { preparedUnlessEnding } from './process/until-ending.ts';

/** Prints for each configuration file that it is valid, or all its problems. Warnings do not make it invalid. */
export async function checkConfig(files: readonly string[], host: Host): Promise<number> {
  let invalid = 0;
  for (const file of files) {
    const { problems, warnings } = await preparedUnlessEnding(
      host,
      EXIT.failed,
      checkConfigFile(file, host.env, KNOWN_REGIONS),
    );
    for (const warning of warnings) host.stderr.write(`${formatWarning(warning)}\n`);
    for (const problem of problems) host.stderr.write(`${formatProblem(problem)}\n`);
    if (problems.length === 0) host.stdout.write(`${file}: valid\n`);
    else invalid++;
  }
  return invalid === 0 ? EXIT.done : EXIT.failed;
}
