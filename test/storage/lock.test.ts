import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type Lock, lockDirectory } from '../../src/storage/lock.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

async function held(directory: string): Promise<Lock> {
  const lock = await lockDirectory(directory);
  if (lock === 'taken') throw new Error(`${directory} is locked by another process`);
  onTestFinished(() => lock.release());
  return lock;
}

it('gives a directory to one holder, and after its release to the next', async () => {
  const directory = await temporaryFolder();
  const first = await held(directory);
  expect(await lockDirectory(directory)).toBe('taken');
  expect(await lockDirectory(directory)).toBe('taken');
  await first.release();
  await held(directory);
});

it('gives it to one of many that ask at the same moment', async () => {
  const directory = await temporaryFolder();
  const results = await Promise.all(Array.from({ length: 20 }, () => lockDirectory(directory)));
  const locks = results.filter((result) => result !== 'taken');
  onTestFinished(async () => void (await Promise.all(locks.map((lock) => lock.release()))));
  expect(locks).toHaveLength(1);
});

it('frees it when the process of the holder is killed', async () => {
  const directory = await temporaryFolder();
  const module = fileURLToPath(new URL('../../src/storage/lock.ts', import.meta.url));
  const source = `
    import { lockDirectory } from ${JSON.stringify(module)};
    lockDirectory(${JSON.stringify(directory)}).then((lock) => console.log(lock === 'taken' ? lock : 'held'));
    setInterval(() => {}, 1000);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', source];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('held\n');
  expect(await lockDirectory(directory)).toBe('taken');
  child.kill('SIGKILL');
  await once(child, 'close');
  await held(directory);
});

it('lets no other user connect to it', async () => {
  const directory = await temporaryFolder();
  await held(directory);
  expect((await stat(join(directory, 'lock'))).mode & 0o777).toBe(0o600);
});

it('works where the path is longer than a socket may have', async () => {
  const directory = join(await temporaryFolder(), 'd'.repeat(120));
  await mkdir(directory);
  const lock = await held(directory);
  expect(await lockDirectory(directory)).toBe('taken');
  await lock.release();
  await held(directory);
});

it('throws the code of the system where no socket can be made', async () => {
  const missing = join(await temporaryFolder(), 'missing');
  await expect(lockDirectory(missing)).rejects.toMatchObject({ code: 'ENOENT' });
});

// Only root can change the user of a process.
it.skipIf(userInfo().uid !== 0)('is not taken from a process of another user', async () => {
  const directory = await temporaryFolder();
  await chmod(directory, 0o777);
  await held(directory);
  process.seteuid?.(65534);
  try {
    await expect(lockDirectory(directory)).rejects.toThrow('EACCES');
  } finally {
    process.seteuid?.(0);
  }
  expect(await lockDirectory(directory)).toBe('taken');
});
