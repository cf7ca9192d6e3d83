import { checkConfigFile } from '../config/load.ts';
import { formatProblem } from '../input/problem.ts';
import { EXIT, type Host } from './host.ts';

/** Checks configuration files: says of each that it is fine, or everything that is wrong with it. */
export async function checkConfig(files: readonly string[], host: Host): Promise<number> {
  let bad = 0;
  for (const file of files) {
    const problems = await checkConfigFile(file, host.env);
    if (problems.length === 0) {
      host.stdout.write(`${file}: valid\n`);
      continue;
    }
    bad++;
    for (const problem of problems) host.stderr.write(`${formatProblem(problem)}\n`);
  }
  return bad === 0 ? EXIT.done : EXIT.failed;
}
