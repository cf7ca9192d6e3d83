import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SECOND } from '../../src/clock.ts';
import { NotedFiles } from '../../src/config/noted-files.ts';
import { watchFiles } from '../../src/exporter/config-watch.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

/** Watches a file as a reloader does: after a change, it reads the file again. */
async function watch(file: string) {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const used: string[] = [];
  let files = new NotedFiles();
  await files.read(file);
  let looks = 0;
  const watching = watchFiles(
    {
      clock,
      files: () => {
        looks++;
        return files;
      },
      onChange: async () => {
        files = new NotedFiles();
        used.push(await files.read(file));
      },
    },
    stopping.signal,
  );
  onTestFinished(async () => {
    stopping.abort();
    await watching;
    expect(clock.pending).toBe(0);
  });
  /** Lets the watch read the files once, and waits until it has done so. */
  const look = async (): Promise<void> => {
    const before = looks;
    await clock.advance(2 * SECOND);
    // When the read has ended, the next sleep has begun.
    while (looks === before || clock.pending === 0) await new Promise((r) => setImmediate(r));
  };
  return { used, look };
}

it('a change is reported when two reads in a row give the same text', async () => {
  const file = join(await temporaryFolder(), 'config.yml');
  await writeFile(file, 'one');
  const { used, look } = await watch(file);
  await look();
  await writeFile(file, 'tw');
  await look();
  await writeFile(file, 'two');
  await look();
  expect(used).toEqual([]);
  await look();
  expect(used).toEqual(['two']);
  for (let each = 0; each < 3; each++) await look();
  expect(used).toEqual(['two']);
});

it('a swap of the links of a ConfigMap is reported', async () => {
  const folder = await temporaryFolder();
  // The links are those of the kubelet: config.yml -> ..data/config.yml, ..data -> a folder by time.
  const fill = async (name: string, text: string): Promise<void> => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'config.yml'), text);
    await symlink(name, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await fill('..2026_01', 'one');
  const file = join(folder, 'config.yml');
  await symlink(join('..data', 'config.yml'), file);
  const { used, look } = await watch(file);
  await look();
  await fill('..2026_02', 'two');
  expect(await readFile(file, 'utf8')).toBe('two');
  await look();
  await look();
  expect(used).toEqual(['two']);
});

it('a change that was undone is not reported', async () => {
  const file = join(await temporaryFolder(), 'config.yml');
  await writeFile(file, 'one');
  const { used, look } = await watch(file);
  await writeFile(file, 'two');
  await look();
  await writeFile(file, 'one');
  for (let each = 0; each < 3; each++) await look();
  expect(used).toEqual([]);
});
