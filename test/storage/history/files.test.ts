import { appendFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAY, HOUR } from '../../../src/clock.ts';
import { type EndedSession, lineOf } from '../../../src/storage/history/ended-session.ts';
import { HistoryWriter } from '../../../src/storage/history/history-writer.ts';
import { readHistory } from '../../../src/storage/history/read-history.ts';
import { canMount } from '../../support/can-mount.ts';
import { startProgram } from '../../support/start-program.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

const START = Date.UTC(2026, 0, 1);

/** @param start hours since START; null: the API did not tell it. @param end as `start` */
function sessionOf(userName: string, start: number | null, end: number): EndedSession {
  return {
    account: 'prod',
    region_id: 'cn-shanghai',
    instance_id: 'sag-1',
    user_name: userName,
    client_ip: '10.0.0.1',
    started_at: start === null ? null : new Date(START + start * HOUR).toISOString(),
    ended_at: new Date(START + end * HOUR).toISOString(),
  };
}

async function newWriter(directory: string) {
  const writer = new HistoryWriter(directory);
  onTestFinished(() => writer.close());
  return writer;
}

async function read(directory: string, from: number, to = from): Promise<readonly string[]> {
  const names: string[] = [];
  const range = { from: START + from * HOUR, to: START + to * HOUR };
  for await (const session of readHistory(directory, range)) names.push(session.user_name);
  return names;
}

describe('the history', () => {
  it('has a file for each UTC day on which a session ended, with the fields in the order of the contract', async () => {
    const directory = join(await temporaryFolder(), 'history');
    const writer = await newWriter(directory);
    await writer.append([sessionOf('ada', -3, 23), sessionOf('grace', null, 24)]);
    await writer.append([sessionOf('alan', 20, 25)]);
    expect(await readdir(directory)).toEqual(['2026-01-01.jsonl', '2026-01-02.jsonl']);
    expect(await readFile(join(directory, '2026-01-01.jsonl'), 'utf8')).toBe(
      '{"account":"prod","region_id":"cn-shanghai","instance_id":"sag-1","user_name":"ada","client_ip":"10.0.0.1","started_at":"2025-12-31T21:00:00.000Z","ended_at":"2026-01-01T23:00:00.000Z"}\n',
    );
    const second = await readFile(join(directory, '2026-01-02.jsonl'), 'utf8');
    expect(second.split('\n').map((line) => /user_name":"(\w+)"/.exec(line)?.[1])).toEqual([
      'grace',
      'alan',
      undefined,
    ]);
    expect((await stat(join(directory, '2026-01-01.jsonl'))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('tells who was online at a moment: from the start, included, to the end, excluded', async () => {
    const directory = await temporaryFolder();
    await (await newWriter(directory)).append([sessionOf('ada', 1, 3)]);
    expect(await read(directory, 0.999)).toEqual([]);
    expect(await read(directory, 1)).toEqual(['ada']);
    expect(await read(directory, 2.999)).toEqual(['ada']);
    expect(await read(directory, 3)).toEqual([]);
  });

  it('equals a model for any sessions and any range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 80 })), { maxLength: 30 }),
        fc.nat(220),
        fc.nat(60),
        async (times, from, length) => {
          const directory = await temporaryFolder();
          const writer = await newWriter(directory);
          const sessions = times.map(([start, lasts], index) => ({
            name: `user-${index}`,
            start,
            end: start + lasts,
          }));
          await writer.append(sessions.map(({ name, start, end }) => sessionOf(name, start, end)));
          await writer.close();
          const expected = sessions
            .filter(({ start, end }) => start <= from + length && end > from)
            .map(({ name }) => name);
          expect([...(await read(directory, from, from + length))].sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 50 },
    );
  });

  it('repairs a last line torn at any byte, and loses no other', async () => {
    const directory = await temporaryFolder();
    const file = join(directory, '2026-01-01.jsonl');
    const first = await newWriter(directory);
    await first.append([sessionOf('ada', 1, 3), sessionOf('grace', 1, 3)]);
    await first.close();
    const whole = await readFile(file, 'utf8');
    const firstLine = whole.indexOf('\n') + 1;
    for (let length = firstLine; length <= whole.length; length++) {
      await writeFile(file, whole);
      await truncate(file, length);
      const writer = await newWriter(directory);
      await writer.append([sessionOf('alan', 1, 3)]);
      await writer.close();
      const names = length === whole.length ? ['ada', 'grace', 'alan'] : ['ada', 'alan'];
      expect(await read(directory, 2)).toEqual(names);
    }
  });

  it('empties a file that holds only a torn line, however long', async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, '2026-01-01.jsonl'), 'x'.repeat(200_000));
    await (await newWriter(directory)).append([sessionOf('ada', 1, 3)]);
    expect(await read(directory, 2)).toEqual(['ada']);
  });

  it('leaves out foreign lines and tells a session once that was written twice', async () => {
    const directory = await temporaryFolder();
    const writer = await newWriter(directory);
    await writer.append([sessionOf('ada', 1, 3), sessionOf('ada', 1, 3), sessionOf('ada', 2, 3)]);
    await appendFile(join(directory, '2026-01-01.jsonl'), 'null\n{"account":1}\n{}\n');
    await appendFile(join(directory, 'notes.txt'), 'kept by an administrator\n');
    expect(await read(directory, 2)).toEqual(['ada', 'ada']);
  });

  it('deletes days that ended at least as long ago as they are kept, and nothing else', async () => {
    const directory = await temporaryFolder();
    const writer = await newWriter(directory);
    for (let day = 0; day < 5; day++) {
      await writer.append([sessionOf(`user-${day}`, day * 24 - 1, day * 24 + 1)]);
    }
    await writeFile(join(directory, 'notes.txt'), '');
    await writer.prune(START + 4 * DAY - 1, 2 * DAY);
    expect(await readdir(directory)).toEqual([
      '2026-01-02.jsonl',
      '2026-01-03.jsonl',
      '2026-01-04.jsonl',
      '2026-01-05.jsonl',
      'notes.txt',
    ]);
    await writer.prune(START + 4 * DAY, 2 * DAY);
    expect(await readdir(directory)).not.toContain('2026-01-02.jsonl');
    await writer.prune(START + 4 * DAY, Number.MAX_SAFE_INTEGER);
    expect(await readdir(directory)).toContain('2026-01-03.jsonl');
  });

  it('tells a session once whose lines stand in the files of two days', async () => {
    const directory = await temporaryFolder();
    const writer = await newWriter(directory);
    await writer.append([sessionOf('ada', 1, 23.999), sessionOf('ada', 1, 24.001)]);
    expect(await readdir(directory)).toHaveLength(2);
    expect(await read(directory, 2)).toEqual(['ada']);
  });

  it('reads lines of any length, across the borders of what is read at a time, but passes over absurd ones', async () => {
    const directory = await temporaryFolder();
    const file = join(directory, '2026-01-01.jsonl');
    const names = [10, 2 ** 20 - 100, 300_000, 700_000, 2 ** 20, 1].map((length, index) =>
      `${index}`.padEnd(length, 'x'),
    );
    const lines = names.map((name) => lineOf(sessionOf(name, 1, 3)));
    await writeFile(file, ['y'.repeat(3 * 2 ** 20), '\n', ...lines].join(''));
    const expected = names.filter((_, index) => (lines[index]?.length ?? 0) <= 2 ** 20);
    expect(expected).toHaveLength(4);
    expect(await read(directory, 2)).toEqual(expected);
  });

  it('reads lines whose fields an administrator has put into another order', async () => {
    const directory = await temporaryFolder();
    const { started_at, ended_at, ...others } = sessionOf('ada', 1, 3);
    const lines = [
      { ended_at, started_at, ...others },
      { started_at, ended_at, ...others, client_ip: '10.0.0.2' },
    ];
    await writeFile(
      join(directory, '2026-01-01.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    expect(await read(directory, 2)).toEqual(['ada', 'ada']);
  });

  it.each([
    ['before its end', 2.999, 2.9999, 0],
    ['at its end', 2.999, 3, 1],
    ['at its end, within a longer time', 0, 10, 1],
    ['after its end', 3, 10, 0],
  ])('counts a session without a start only %s', async (_, from, to, found) => {
    const directory = await temporaryFolder();
    await (await newWriter(directory)).append([sessionOf('ada', null, 3)]);
    expect(await read(directory, from, to)).toHaveLength(found);
  });

  it.runIf(canMount)(
    'has only whole lines on a disk that becomes full, and tells how many',
    async () => {
      const directory = await temporaryFolder();
      const script = `
      import { readFileSync } from 'node:fs';
      import { HistoryWriter } from '${new URL('../../../src/storage/history/history-writer.ts', import.meta.url).href}';
      const writer = new HistoryWriter('${directory}');
      const batch = Array.from({ length: 7 }, () => (${JSON.stringify(sessionOf('ada', 1, 3))}));
      const results = [];
      while (results.filter(({ failure }) => failure).length < 2) results.push(await writer.append(batch));
      const written = results.reduce((sum, result) => sum + result.written, 0);
      const [first, second] = results.filter(({ failure }) => failure);
      const text = readFileSync('${directory}/2026-01-01.jsonl', 'utf8');
      console.log(JSON.stringify({ code: first.failure.code, last: second.written, written, text }));`;
      const mount = `mount -t tmpfs -o size=8k none ${directory} && "$@"`;
      const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
      const program = startProgram('unshare', ['--mount', 'sh', '-c', mount, 'sh', ...node]);
      expect(await program.ended, program.output.stderr).toBe(0);
      const { text, ...rest } = JSON.parse(program.output.stdout) as { text: string };
      const lines = Math.floor(8192 / lineOf(sessionOf('ada', 1, 3)).length);
      expect(rest).toEqual({ code: 'ENOSPC', last: 0, written: lines });
      expect(text).toBe(lineOf(sessionOf('ada', 1, 3)).repeat(lines));
    },
  );

  it('is empty where nothing was ever written', async () => {
    expect(await read(join(await temporaryFolder(), 'missing'), 0, 1000)).toEqual([]);
  });
});
