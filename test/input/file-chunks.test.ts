import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/clock.ts';
import { type FileOptions, fileChunks, type OpenFile } from '../../src/input/file-chunks.ts';
import { describeReadError, readText } from '../../src/input/read-file.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

/** The text of a file, or the reason why it was refused. */
async function read(path: string, options: FileOptions = {}): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of fileChunks(path, options)) chunks.push(chunk);
  } catch (error) {
    return `refused: ${describeReadError(error)}`;
  }
  return Buffer.concat(chunks).toString();
}

async function pipe(): Promise<string> {
  const path = join(await temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

describe('a file', () => {
  it('is read completely, even in many chunks', async () => {
    const text = 'x'.repeat(300_000);
    expect(await read(await temporaryFile('large', text))).toBe(text);
    expect(await read(await temporaryFile('empty', ''))).toBe('');
  });

  it.each([{}, { mayBePipe: true }])(
    'is refused when it is a directory or a socket, by that word: %j',
    async (options) => {
      const folder = await temporaryFolder();
      const socket = join(folder, 'socket');
      const server = createServer().listen(socket);
      await once(server, 'listening');
      expect(await read(folder, options)).toBe('refused: a directory');
      expect(await read(socket, options)).toBe('refused: a socket');
      server.close();
    },
  );

  it('that is a pipe or a device is refused at once when it must be readable again', async () => {
    expect(await read(await pipe())).toBe('refused: a pipe, which can be read only once');
    expect(await read('/dev/zero')).toBe('refused: a device');
    await expect(readText('/dev/zero', { mayBePipe: true })).rejects.toThrow('more than');
  });
});

describe('a pipe', () => {
  it('is read to its end when a program writes into it later', async () => {
    const path = await pipe();
    const reading = read(path, { mayBePipe: true });
    await writeFile(path, 'x'.repeat(100_000));
    expect(await reading).toBe('x'.repeat(100_000));
  });

  it('without a writer is refused after half a minute', async () => {
    const clock = new ManualClock();
    const stats = await stat(await pipe());
    let outcome: string | undefined;
    void read('x', {
      mayBePipe: true,
      clock,
      open: async () => ({
        stat: async () => stats,
        read: async () => ({ bytesRead: 0 }),
        close: async () => {},
      }),
    }).then((text) => {
      outcome = text;
    });
    await clock.advance(30 * SECOND - 1);
    expect(outcome).toBeUndefined();
    await clock.advance(0.1 * SECOND);
    expect(outcome).toBe('refused: a pipe that is not written to its end within 30 s');
  });

  it('of /dev/null is empty', async () => {
    expect(await read('/dev/null', { mayBePipe: true })).toBe('');
  });
});

describe('a file system that does not answer', () => {
  const NO_ANSWER = 'refused: a file whose file system does not answer within 10 s';

  it('is given up after ten seconds, occupies at most two threads, and is used again when it answers', async () => {
    const clock = new ManualClock();
    const waiting: ((file: OpenFile) => void)[] = [];
    let closed = 0;
    const open = () => new Promise<OpenFile>((resolve) => waiting.push(resolve));
    const reads = Array.from({ length: 6 }, () => read('x', { clock, open }));
    await settle();
    expect(waiting).toHaveLength(2);
    await clock.advance(10 * SECOND);
    expect(await Promise.all(reads)).toEqual(reads.map(() => NO_ANSWER));
    // While two operations hang, a further one is refused at once and occupies no thread.
    expect(await read('x', { clock, open })).toBe(NO_ANSWER);
    expect(waiting).toHaveLength(2);
    for (const answer of waiting) {
      answer({
        close: () => {
          closed++;
          return Promise.reject(new Error('gone'));
        },
        stat: () => Promise.reject(new Error('too late')),
        read: () => Promise.reject(new Error('too late')),
      });
    }
    await settle();
    expect(closed).toBe(2);
    expect(await read(await temporaryFile('file', 'text'), { clock })).toBe('text');
    expect(clock.pending).toBe(0);
  });
});
