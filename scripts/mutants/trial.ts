import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Import, importsOf } from '../../test/support/architecture.ts';
import { parseTypeScript } from '../parse-typescript.ts';
import { nearestTests } from './nearest-tests.ts';

/** What became of a mutant. `untested`: no test file imports the source, directly or through others. */
export type Outcome = 'killed' | 'timed out' | 'killed by the compiler' | 'untested' | 'lives';

/** Without the projects of vitest.config.ts, for which vitest ignores `--dir` and `--exclude`. */
const VITEST_CONFIG = 'vitest.mutants.config.mjs';
/** How many test files in the folder of the same name, and elsewhere, count as near. */
const NEAR = { here: 8, elsewhere: 5 };
/** Where the tests write their files, so that those of tests that were stopped are removed as well. */
const TEMPORARY = 'tmp';
/** Longest tail of a failing run that is shown, in characters. */
const SHOWN = 4000;

interface Ended {
  /** Undefined where the command had to be killed at the timeout. */
  readonly code: number | undefined;
  readonly output: string;
}

/** A copy of the project, so that a mutant never stands in the files that people work on. */
export class Trial {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  #running: ChildProcess | undefined;

  readonly #timeout: number;
  readonly #near: boolean;
  #imports: readonly Import[] = [];
  readonly #passing = new Map<string, boolean>();

  /**
   * @param timeout in ms, for each run of tests: a mutant may loop for ever.
   * @param near whether only the nearest tests are run, which is much quicker.
   */
  constructor(timeout: number, near: boolean) {
    this.#timeout = timeout;
    this.#near = near;
  }

  copy(project: string): void {
    const { stdout } = spawnSync(
      'git',
      ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    const files = stdout.split('\0').filter((path) => path && existsSync(join(project, path)));
    for (const path of files) {
      cpSync(join(project, path), join(this.#folder, path), { recursive: true });
    }
    const sources = files
      .filter((path) => /^(?:src|test|scripts|grafana)\/.*\.ts$/.test(path))
      .map((path) => [path, readFileSync(join(project, path), 'utf8')] as const);
    this.#imports = importsOf(parseTypeScript(new Map(sources)));
    mkdirSync(join(this.#folder, TEMPORARY));
    writeFileSync(
      join(this.#folder, VITEST_CONFIG),
      'export default { test: { testTimeout: 30_000 } };\n',
    );
    for (const path of ['node_modules', 'dist']) {
      if (existsSync(join(project, path))) {
        symlinkSync(join(project, path), join(this.#folder, path));
      }
    }
  }

  /** Stops what runs and removes the copy. */
  end(): void {
    this.#kill();
    // A worker that is being killed may still write a file.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Throws if the tests in the folders of the same names fail already without a mutant. */
  async checkUnchanged(paths: readonly string[]): Promise<void> {
    const { code, output } = await this.#tests(paths.flatMap((path) => this.#testsOf(path).here));
    if (code === 0) return;
    const problem = code === undefined ? 'take longer than the timeout' : 'fail';
    throw new Error(`tests ${problem} without any mutant:\n${output.slice(-SHOWN)}`);
  }

  /**
   * Puts the mutated text in place of a source and runs the tests that concern it: first those in the
   * test folder of the same name, which most often kill it in a few seconds, then others.
   */
  async outcome(path: string, mutated: string, original: string): Promise<Outcome> {
    const file = join(this.#folder, path);
    const whileMutated = async (run: () => Promise<Ended>): Promise<Ended> => {
      writeFileSync(file, mutated);
      try {
        return await run();
      } finally {
        writeFileSync(file, original);
      }
    };
    const { here, elsewhere } = this.#testsOf(path);
    if (here.length + elsewhere.length === 0) return 'untested';
    for (const tests of [here, elsewhere]) {
      if (tests === elsewhere && !(await this.#pass(tests))) continue;
      const { code } = await whileMutated(() => this.#tests(tests));
      if (code === undefined) return 'timed out';
      if (code !== 0) return 'killed';
    }
    const checkTypes = () => this.#run('tsc', ['-p', 'tsconfig.json', '--noEmit']);
    return (await whileMutated(checkTypes)).code === 0 ? 'lives' : 'killed by the compiler';
  }

  /** The test files that concern a source: those in the test folder of the same name, and others. */
  #testsOf(path: string): Readonly<Record<'here' | 'elsewhere', readonly string[]>> {
    let folder = dirname(path.replace(/^src\//, 'test/'));
    while (!existsSync(join(this.#folder, folder))) folder = dirname(folder);
    const tests = nearestTests(path, this.#imports);
    const isHere = (test: string): boolean => test.startsWith(`${folder}/`);
    return {
      here: tests.filter(isHere).slice(0, this.#near ? NEAR.here : undefined),
      elsewhere: tests
        .filter((test) => !isHere(test))
        .slice(0, this.#near ? NEAR.elsewhere : undefined),
    };
  }

  /** Whether tests pass without any mutant. */
  async #pass(tests: readonly string[]): Promise<boolean> {
    const key = tests.join('\0');
    let passes = this.#passing.get(key);
    if (passes === undefined) {
      passes = (await this.#tests(tests)).code === 0;
      if (!passes) console.warn(`left out, as they fail without any mutant: ${tests.join(' ')}`);
      this.#passing.set(key, passes);
    }
    return passes;
  }

  async #tests(files: readonly string[]): Promise<Ended> {
    if (files.length === 0) return { code: 0, output: '' };
    return this.#run('vitest', [
      'run',
      '--config',
      VITEST_CONFIG,
      '--bail',
      '1',
      ...new Set(files),
    ]);
  }

  /** Runs a tool that npm has installed. */
  #run(tool: string, args: readonly string[]): Promise<Ended> {
    // A process group of its own, so that the workers of vitest are killed with it.
    const child = spawn(join(this.#folder, 'node_modules/.bin', tool), args, {
      cwd: this.#folder,
      detached: true,
      env: { ...process.env, TMPDIR: join(this.#folder, TEMPORARY) },
    });
    this.#running = child;
    let output = '';
    const collect = (text: Buffer): void => {
      output += text.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#kill();
    }, this.#timeout);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(timer);
        this.#running = undefined;
        resolve({ code: timedOut ? undefined : (code ?? 1), output });
      });
    });
  }

  #kill(): void {
    if (this.#running?.pid === undefined) return;
    try {
      process.kill(-this.#running.pid, 'SIGKILL');
    } catch {
      // It has ended by itself just now.
    }
  }
}
