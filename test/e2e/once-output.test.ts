import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { configOf, MARKED_KEY } from '../cli/one-shot.ts';
import { canMount } from '../support/can-mount.ts';
import { startCommand, startProgram } from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

let api: StartedSimulator;
let folder: string;
let command: readonly string[];

/** Runs the command after some shell commands, in which "$@" is the command with its flags. */
const shell = (script: string, env: Readonly<Record<string, string>> = {}) =>
  startProgram('sh', ['-c', script, 'sh', ...command], env);

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, keys: [MARKED_KEY] });
  folder = join(await temporaryFolder(), 'textfile');
  await mkdir(folder);
  const flags = ['once', `--config.file=${await configOf(api.url)}`, `--output=${folder}/sag.prom`];
  command = [...startCommand(['--version']).child.spawnargs.slice(0, 2), ...flags];
});

afterEach(() => api.stop());

describe('once --output', () => {
  it.each(['077', '000', '027'])(
    'writes a file that every user can read, with umask %s',
    async (umask) => {
      for (const before of [undefined, 0o644, 0o600]) {
        if (before !== undefined)
          await writeFile(join(folder, 'sag.prom'), 'old\n', { mode: before });
        const program = shell(`umask ${umask}; "$@"`);
        expect(await program.ended, program.output.stderr).toBe(0);
        expect((await stat(join(folder, 'sag.prom'))).mode & 0o777).toBe(0o644);
      }
    },
  );

  it('removes the temporary files of an earlier run that was killed, and nothing else', async () => {
    const uuid = '0c7a8f0e-3b1d-4c55-9d5b-5a3f8f1f0d11';
    const ended = spawnSync('true').pid;
    const mine = process.pid;
    const [dead, alive, old, other, foreign] = [
      `.sag.prom.${ended}.${uuid}.tmp`,
      `.sag.prom.${mine}.${uuid}.tmp`,
      `.sag.prom.${mine}.1${uuid.slice(1)}.tmp`,
      `.other.prom.${ended}.${uuid}.tmp`,
      '.sag.prom.backup.tmp',
    ];
    for (const name of [dead, alive, old, other, foreign])
      await writeFile(join(folder, name), 'half');
    await utimes(join(folder, old), 1, 1);
    const program = shell('"$@"');
    expect(await program.ended, program.output.stderr).toBe(0);
    expect((await readdir(folder)).sort()).toEqual([other, foreign, alive, 'sag.prom'].sort());
  });

  it('leaves a temporary file when it is killed, which the next run removes', async () => {
    // Killed at the last step, the rename of the whole file.
    const hook = `data:text/javascript,${encodeURIComponent(`
      import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      fs.promises.rename = () => process.kill(process.pid, 'SIGKILL');
      syncBuiltinESMExports();`)}`;
    const killed = shell('"$@"', { NODE_OPTIONS: `--import=${hook}` });
    await killed.ended;
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.sag\.prom\..*\.tmp$/)]);
    expect(await shell('"$@"').ended).toBe(0);
    expect(await readdir(folder)).toEqual(['sag.prom']);
  });

  it.runIf(canMount)('on a disk that is full leaves the old file and says so', async () => {
    const program = startProgram('unshare', [
      '--mount',
      'sh',
      '-c',
      `mount -t tmpfs -o size=8k none ${folder} && cd ${folder} && echo old >sag.prom
      "$@"; echo "exit $?"; ls -A; cat sag.prom`,
      'sh',
      ...command,
    ]);
    await program.ended;
    expect(program.output.stdout).toBe('exit 1\nsag.prom\nold\n');
    expect(program.output.stderr).toBe(
      `--output: ${folder}/sag.prom cannot be written (ENOSPC): the disk is full; an existing file is unchanged\n`,
    );
  });

  it('fails in a read-only folder before it makes any call', async () => {
    if (!canMount) execFileSync('chmod', ['a-w', folder]);
    const program = canMount
      ? startProgram('unshare', [
          '--mount',
          'sh',
          '-c',
          `mount -t tmpfs -o ro none ${folder}; "$@"`,
          'sh',
          ...command,
        ])
      : shell('"$@"');
    expect(await program.ended).toBe(1);
    expect(program.output.stderr).toMatch(/cannot be written \((EROFS|EACCES)\): /);
    expect(api.simulator.requests.count()).toBe(0);
    expect(await readFile(join(folder, 'sag.prom'), 'utf8').catch(() => 'none')).toBe('none');
  });
});
