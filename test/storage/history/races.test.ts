import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HOUR } from '../../../src/clock.ts';
import { type EndedSession, sessionOfLine } from '../../../src/storage/history/ended-session.ts';
import { HistoryWriter } from '../../../src/storage/history/history-writer.ts';
import { readHistory } from '../../../src/storage/history/read-history.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

const START = Date.UTC(2026, 0, 1);
const APPENDS = 60;

const sessionOf = (number: number): EndedSession => ({
  account: 'prod',
  region_id: 'cn-shanghai',
  instance_id: 'sag-1',
  user_name: `user-${number}`,
  client_ip: '10.0.0.1',
  started_at: new Date(START + HOUR).toISOString(),
  ended_at: new Date(START + 2 * HOUR + number).toISOString(),
});

/** Appends sessions in batches of different sizes. @returns the number of sessions */
async function appendAll(writer: HistoryWriter): Promise<number> {
  let next = 0;
  for (let append = 0; append < APPENDS; append++) {
    const batch = Array.from({ length: 1 + ((append * 37) % 300) }, () => sessionOf(next++));
    expect((await writer.append(batch)).failure).toBeUndefined();
  }
  return next;
}

const numberOf = ({ user_name }: EndedSession): number => Number(user_name.slice(5));

it('readers at any time see the sessions up to some point, whole and in order', async () => {
  const directory = await temporaryFolder();
  const writer = new HistoryWriter(directory);
  onTestFinished(() => writer.close());
  let isWriting = true;
  const writing = appendAll(writer).finally(() => {
    isWriting = false;
  });
  let [reads, before] = [0, 0];
  const readAll = async (): Promise<number> => {
    const numbers: number[] = [];
    for await (const session of readHistory(directory, { from: START, to: START + 3 * HOUR })) {
      numbers.push(numberOf(session));
    }
    expect(numbers.findIndex((number, index) => number !== index)).toBe(-1);
    return numbers.length;
  };
  while (isWriting) {
    const seen = await readAll();
    expect(seen).toBeGreaterThanOrEqual(before);
    before = seen;
    reads++;
  }
  expect(await readAll()).toBe(await writing);
  expect(reads).toBeGreaterThan(1);
});

it('a log shipper that follows the file gets each line once, and only whole ones', async () => {
  const directory = await temporaryFolder();
  const writer = new HistoryWriter(directory);
  onTestFinished(() => writer.close());
  await writer.begin('2026-01-01');
  const file = await open(join(directory, '2026-01-01.jsonl'));
  onTestFinished(() => file.close());
  const shipped: number[] = [];
  let offset = 0;
  const ship = async (): Promise<void> => {
    const { size } = await file.stat();
    expect(size).toBeGreaterThanOrEqual(offset);
    const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    // As shippers do, leaves a last line without its end for the next read.
    const end = buffer.lastIndexOf('\n') + 1;
    offset += end;
    for (const line of buffer.toString('utf8', 0, end).split('\n').slice(0, -1)) {
      const session = sessionOfLine(line);
      expect(session).toBeDefined();
      if (session) shipped.push(numberOf(session));
    }
  };
  let isWriting = true;
  const writing = appendAll(writer).finally(() => {
    isWriting = false;
  });
  while (isWriting) await ship();
  await ship();
  expect(shipped).toEqual(Array.from({ length: await writing }, (_, number) => number));
});
