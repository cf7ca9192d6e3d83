import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../src/storage/make-folder.ts';
import { canMount } from '../support/can-mount.ts';
import { startProgram } from '../support/start-program.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const MODE = 0o700;
it('makes a folder with those above it, and leaves a folder that exists', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a', 'b');
  expect(await makeFolder(path, MODE)).toBe(join(folder, 'a'));
  expect((await stat(path)).mode & 0o777).toBe(MODE);
  expect(await makeFolder(path, MODE)).toBeUndefined();
});

it.runIf(canMount).each(['new', 'new/one'])(
  'tells that the file system is read-only: %s',
  async (path) => {
    const folder = join(await temporaryFolder(), 'read-only');
    await mkdir(folder);
    const script = `
      import { makeFolder } from '${new URL('../../src/storage/make-folder.ts', import.meta.url).href}';
      console.log(await makeFolder('${join(folder, path)}', ${MODE}).catch(({ code }) => code));`;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
    const mount = `mount -t tmpfs -o ro none ${folder} && "$@"`;
    const program = startProgram('unshare', ['--mount', 'sh', '-c', mount, 'sh', ...node]);
    expect(await program.ended, program.output.stderr).toBe(0);
    expect(program.output.stdout).toBe('EROFS\n');
  },
);
