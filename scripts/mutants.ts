// Tries whether the tests notice mistakes: changes random places of sources, one at a time, runs the
// tests that concern the file, and names the mutants that live. docs/design.md tells how to use it.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type Mutation, mutate, mutations } from './mutants/mutations.ts';
import { type Outcome, Trial } from './mutants/trial.ts';
import { parseTypeScript } from './parse-typescript.ts';

interface Mutant {
  readonly path: string;
  readonly mutation: Mutation;
  readonly mutated: string;
  /** `path:line kind: line before -> line after` */
  readonly title: string;
  /** The same for the same change of the same text, and different for any other. */
  readonly id: string;
}

interface Result {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly seconds: number;
}

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const RESULTS = join(PROJECT, '.mutants/results.jsonl');

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

function sourcesIn(paths: readonly string[]): ReadonlyMap<string, string> {
  const files = paths.flatMap((path) =>
    statSync(join(PROJECT, path)).isDirectory()
      ? readdirSync(join(PROJECT, path), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts'))
          .map((name) => join(path, name))
      : [path],
  );
  return new Map(files.map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')]));
}

function mutantsOf(sources: ReadonlyMap<string, string>): readonly Mutant[] {
  return [...parseTypeScript(sources)].flatMap(([path, file]) =>
    Array.from(mutations(file), (mutation) => {
      const source = sources.get(path) ?? '';
      const mutated = mutate(source, mutation);
      const lineStart = source.lastIndexOf('\n', mutation.start - 1) + 1;
      const line = source.slice(0, lineStart).split('\n').length;
      const lineOf = (text: string): string => text.slice(lineStart).split('\n', 1).join('').trim();
      const title = `${path}:${line} ${mutation.kind}: ${lineOf(source)} -> ${lineOf(mutated)}`;
      return { path, mutation, mutated, title, id: hash(`${path}\0${source}\0${mutated}`) };
    }),
  );
}

const isAlive = ({ outcome }: Result): boolean => outcome === 'lives' || outcome === 'untested';

/** Results of earlier runs by mutant; the last one counts where a mutant was tried again. */
function earlierResults(): ReadonlyMap<string, Result> {
  if (!existsSync(RESULTS)) return new Map();
  const lines = readFileSync(RESULTS, 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const result = JSON.parse(line) as Result;
      return [result.id, result];
    }),
  );
}

const command = new Command('mutants')
  .argument('<paths...>', 'source files or folders to mutate, such as src/smartag/pacing')
  .option('--count <n>', 'how many mutants to draw', Number, 40)
  .option('--seed <text>', 'another seed draws other mutants', '1')
  .option('--timeout <seconds>', 'for each run of tests', Number, 300)
  .option('--near', 'run only the nearest tests: quicker', false)
  .option('--again', 'try the drawn mutants again that no test killed in an earlier run', false)
  .parse();
const { count, seed, timeout, again, near } = command.opts<{
  count: number;
  seed: string;
  timeout: number;
  again: boolean;
  near: boolean;
}>();

const sources = sourcesIn(command.args);
// Ordered by a hash with the seed, so that the draw is the same in each run.
const drawn = mutantsOf(sources)
  .map((mutant) => ({ mutant, order: hash(`${seed}\0${mutant.id}`) }))
  .sort((a, b) => (a.order < b.order ? -1 : 1))
  .slice(0, count)
  .map(({ mutant }) => mutant);
mkdirSync(join(PROJECT, '.mutants'), { recursive: true });
const earlier = earlierResults();
const results: Result[] = [];

const trial = new Trial(timeout * 1000, near);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    trial.end();
    process.exit(1);
  });
}
try {
  trial.copy(PROJECT);
  const toTry = drawn.filter(({ id }) => {
    const known = earlier.get(id);
    return !known || (again && isAlive(known));
  });
  const paths = [...new Set(toTry.map(({ path }) => path))];
  if (paths.length > 0) await trial.checkUnchanged(paths);
  for (const mutant of drawn) {
    const { id, path, mutated, title } = mutant;
    let result = earlier.get(id);
    if (!result || toTry.includes(mutant)) {
      const began = Date.now();
      const outcome = await trial.outcome(path, mutated, sources.get(path) ?? '');
      result = { id, title, outcome, seconds: Math.round((Date.now() - began) / 1000) };
      appendFileSync(RESULTS, `${JSON.stringify(result)}\n`);
    }
    results.push(result);
    console.log(
      `${results.length}/${drawn.length} ${result.outcome} (${result.seconds} s): ${title}`,
    );
  }
} finally {
  trial.end();
}

const alive = results.filter(isAlive);
console.log(`\n${results.length - alive.length} of ${results.length} killed`);
for (const { outcome, title } of alive) console.log(`${outcome}: ${title}`);
