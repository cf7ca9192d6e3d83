import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What became of a mutant. `untested`: no test file imports the source, directly or through others. */
export type Outcome = 'killed' | 'timed out' | 'killed by the compiler' | 'untested' | 'lives';

/** Without the projects of vitest.config.ts, for which vitest ignores `--dir` and `--exclude`. */
const VITEST_CONFIG = 'vitest.mutants.config.mjs';
/** Longest tail of a failing run that is shown, in characters. */
const SHOWN = 4000;

/** A copy of the project, so that a mutant never stands in the files that people work on. */
export class Trial {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  #running: ChildProcess | undefined;

  readonly #timeout: number;
  readonly #near: boolean;

  /**
   * @param timeout in ms, for each run of tests: a mutant may loop for ever.
   * @param near whether only the tests in the folder of the same name are run, which is much quicker.
   */
  constructor(project: string, timeout: number, near: boolean) {
    this.#timeout = timeout;
    this.#near = near;
    const { stdout } = spawnSync(
      'git',
      ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      { cwd: project, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    for (const path of stdout.split('\0')) {
      if (path && existsSync(join(project, path))) {
        cpSync(join(project, path), join(this.#folder, path), { recursive: true });
      }
    }
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
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Throws if the tests that concern these sources fail already without a mutant. */
  async checkUnchanged(paths: readonly string[]): Promise<void> {
    const folders = new Set(paths.map((path) => this.#nearestTests(path)));
    for (const flags of this.#near ? [...folders].map((folder) => ['--dir', folder]) : [[]]) {
      const { code, output } = await this.#tests(paths, flags);
      if (code !== 0) throw new Error(`tests fail without any mutant:\n${output.slice(-SHOWN)}`);
    }
  }

  /**
   * Puts the mutated text in place of a source and runs the tests that concern it: first those in the
   * test folder of the same name, which most often kill it in a few seconds, then all others.
   */
  async outcome(path: string, mutated: string, original: string): Promise<Outcome> {
    const file = join(this.#folder, path);
    writeFileSync(file, mutated);
    try {
      let found = false;
      for (const flags of [['--dir', this.#nearestTests(path)], ...(this.#near ? [] : [[]])]) {
        const { code, output } = await this.#tests([path], flags);
        if (code === undefined) return 'timed out';
        if (code !== 0) return 'killed';
        if (!output.includes('No test files found')) found = true;
      }
      if (!found) return 'untested';
      return (await this.#run('npx', ['tsc', '-p', 'tsconfig.json', '--noEmit'])).code === 0
        ? 'lives'
        : 'killed by the compiler';
    } finally {
      writeFileSync(file, original);
    }
  }

  #nearestTests(path: string): string {
    let folder = dirname(path.replace(/^src\//, 'test/'));
    while (!existsSync(join(this.#folder, folder))) folder = dirname(folder);
    return folder;
  }

  #tests(
    paths: readonly string[],
    flags: readonly string[] = [],
  ): Promise<{ readonly code: number | undefined; readonly output: string }> {
    return this.#run('npx', [
      ...[
        'vitest',
        'related',
        '--run',
        '--config',
        VITEST_CONFIG,
        '--passWithNoTests',
        '--bail',
        '1',
      ],
      // End-to-end tests start what was built before, so no mutant shows in them.
      ...['--exclude', 'test/e2e/**', ...flags, ...paths],
    ]);
  }

  /** Runs a command. The exit code is undefined where it had to be killed at the timeout. */
  #run(
    command: string,
    args: readonly string[],
  ): Promise<{ readonly code: number | undefined; readonly output: string }> {
    // A process group of its own, so that the workers of vitest are killed with it.
    const child = spawn(command, args, { cwd: this.#folder, detached: true });
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
    if (this.#running?.pid !== undefined) process.kill(-this.#running.pid, 'SIGKILL');
  }
}
