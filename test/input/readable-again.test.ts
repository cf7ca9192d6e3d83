import { execFileSync } from 'node:child_process';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/clock.ts';
import { isReadableAgain } from '../../src/input/readable-again.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

describe('whether a file can be read again', () => {
  it('is false for a pipe or a device', async () => {
    const folder = await temporaryFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await isReadableAgain(await temporaryFile('file', ''))).toBe(true);
    expect(await isReadableAgain(join(folder, 'none'))).toBe(true);
    expect(await isReadableAgain('/dev/null')).toBe(true);
    expect(await isReadableAgain(pipe)).toBe(false);
    expect(await isReadableAgain('/dev/zero')).toBe(false);
  });

  it('is assumed when its file system does not answer in time', async () => {
    const clock = new ManualClock();
    let end = (_stats: Stats): void => {};
    const hangs = () =>
      new Promise<Stats>((resolve) => {
        end = resolve;
      });
    let answer: boolean | undefined;
    void isReadableAgain('file', { clock, stat: hangs }).then((isReadable) => {
      answer = isReadable;
    });
    await clock.advance(10 * SECOND - 1);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toBe(true);
    end(await stat('.'));
    await settle();
    expect(clock.pending).toBe(0);
  });
});
