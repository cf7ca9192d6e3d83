import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NotedFiles } from '../../src/config/noted-files.ts';
import { oneAtATime } from '../../src/config/one-at-a-time.ts';
import { settle } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

describe('noted files', () => {
  it('equal themselves until the text of a file changes', async () => {
    const folder = await temporaryFolder();
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    await writeFile(one, 'a');
    const noted = new NotedFiles();
    expect(await noted.read(one)).toBe('a');
    await expect(noted.read(other)).rejects.toThrow('ENOENT');
    const same = async () => (await noted.again()).equals(noted);
    expect(await same()).toBe(true);
    await writeFile(one, 'b');
    expect(await same()).toBe(false);
    await writeFile(one, 'a');
    expect(await same()).toBe(true);
    await writeFile(other, '');
    expect(await same()).toBe(false);
    await rm(other);
    await rm(one);
    expect(await same()).toBe(false);
  });

  it('count as unchanged while they cannot be read for a temporary reason', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'a');
    const noted = new NotedFiles();
    await noted.read(file);
    await rm(file);
    // Reading the first page of a process's memory fails with EIO.
    await symlink('/proc/self/mem', file);
    expect((await noted.again()).equals(noted)).toBe(true);
    await rm(file);
    expect((await noted.again()).equals(noted)).toBe(false);
  });

  it('are read again with the same options: /dev/null stays unchanged', async () => {
    const noted = new NotedFiles();
    expect(await noted.read('/dev/null', { mayBePipe: true })).toBe('');
    expect((await noted.again()).equals(noted)).toBe(true);
  });

  it('do not equal other files', async () => {
    const folder = await temporaryFolder();
    const noted = new NotedFiles();
    await noted.read(join(folder, 'none')).catch(() => {});
    expect(noted.equals(new NotedFiles())).toBe(false);
    expect(new NotedFiles().equals(noted)).toBe(false);
  });
});

describe('one at a time', () => {
  it('lets all calls during a run share the next run', async () => {
    const ends: ((outcome: number) => void)[] = [];
    const task = oneAtATime(() => new Promise<number>((resolve) => ends.push(resolve)));
    const first = task();
    const during = [task(), task(), task()];
    await settle();
    expect(ends).toHaveLength(1);
    ends[0]?.(1);
    expect(await first).toBe(1);
    await settle();
    expect(ends).toHaveLength(2);
    const after = task();
    ends[1]?.(2);
    expect(await Promise.all(during)).toEqual([2, 2, 2]);
    await settle();
    ends[2]?.(3);
    expect(await after).toBe(3);
    expect(ends).toHaveLength(3);
  });

  it('runs again after a failed run', async () => {
    let runs = 0;
    const task = oneAtATime(async () => {
      runs++;
      if (runs === 1) throw new Error('first');
      return runs;
    });
    const [first, second] = [task(), task()];
    await expect(first).rejects.toThrow('first');
    expect(await second).toBe(2);
    expect(await task()).toBe(3);
  });
});
