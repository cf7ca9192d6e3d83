import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { createLog } from '../../../src/log.ts';
import type { UserSession } from '../../../src/model/session.ts';
import type { EndedSession } from '../../../src/storage/history/ended-session.ts';
import { History, type HistorySettings } from '../../../src/storage/history/history.ts';
import type { LogLine } from '../../support/fake-host.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

const START = Date.UTC(2026, 0, 1, 12);
const TODAY = '2026-01-01.jsonl';
const ID = { account: 'prod', regionId: 'cn-shanghai', instanceId: 'sag-1' };
const PLAIN: HistorySettings = { keep: 90 * DAY, shownName: (name) => name };

let directory: string;
let clock: ManualClock;
let log: LogLine[];
beforeEach(async () => {
  directory = join(await temporaryFolder(), 'history');
  clock = new ManualClock(START);
  log = [];
});

function newHistory(settings: HistorySettings | 'off' = PLAIN): History {
  const write = (line: string): void => void log.push(JSON.parse(line) as LogLine);
  const history = new History({
    directory,
    clock,
    log: createLog({ level: 'info', format: 'json', destination: { write } }),
  });
  onTestFinished(() => history.close());
  if (settings !== 'off') history.use(settings);
  return history;
}

const now = (): number => clock.now() / SECOND;

/** A session that began an hour ago. */
const session = (userName: string, start = now() - 3600): UserSession => ({
  userName,
  session: { clientIp: '10.0.0.1', start },
});

const ended = (...userNames: readonly string[]) => ({
  id: ID,
  sessions: userNames.map((name) => session(name)),
  endedAt: now(),
});

async function linesIn(file = TODAY): Promise<readonly EndedSession[]> {
  const text = await readFile(join(directory, file), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EndedSession);
}

const namesIn = async (file = TODAY): Promise<readonly string[]> =>
  (await linesIn(file)).map(({ user_name }) => user_name);

const messages = (): readonly unknown[] => log.map(({ msg }) => msg);

describe('the history of a daemon', () => {
  it('is written by itself some seconds after sessions have ended', async () => {
    const history = newHistory();
    await history.flush();
    history.add(ended('ada'));
    await clock.advance(SECOND);
    history.add(ended('grace'));
    await clock.advance(SECOND);
    expect(await namesIn()).toEqual([]);
    await clock.advance(SECOND);
    await vi.waitFor(async () => expect(await namesIn()).toEqual(['ada', 'grace']));
    expect(log).toEqual([]);
  });

  it('is on disk as soon as a flush has ended', async () => {
    const history = newHistory();
    history.add(ended('ada', 'grace'));
    await history.flush();
    expect(await linesIn()).toEqual([
      {
        account: 'prod',
        region_id: 'cn-shanghai',
        instance_id: 'sag-1',
        user_name: 'ada',
        client_ip: '10.0.0.1',
        started_at: '2026-01-01T11:00:00.000Z',
        ended_at: '2026-01-01T12:00:00.000Z',
      },
      expect.objectContaining({ user_name: 'grace' }),
    ]);
  });

  it.each([
    ['begins after the pass, because the clock of the API is ahead', 60, 60, 60],
    ['has an impossible start', 86_401, undefined, 0],
    ['has a start beyond any date', 1e20, undefined, 0],
    ['has no start', undefined, undefined, 0],
  ])(
    'tells no end before the start, and no garbage, when a session %s',
    async (_, start, startedAt, endedAt) => {
      const history = newHistory();
      const at = (seconds: number): string => new Date(START + seconds * SECOND).toISOString();
      const { userName, session: client } = session('ada', now() + (start ?? 0));
      const { start: told, ...rest } = client;
      history.add({
        id: ID,
        sessions: [
          { userName, session: start === undefined ? rest : { ...rest, start: told ?? 0 } },
        ],
        endedAt: now(),
      });
      await history.flush();
      expect(await linesIn()).toEqual([
        expect.objectContaining({
          started_at: startedAt === undefined ? null : at(startedAt),
          ended_at: at(endedAt),
        }),
      ]);
    },
  );

  it('has an empty file for a day on which no session ends', async () => {
    const history = newHistory();
    await history.flush();
    await clock.advance(DAY);
    await history.flush();
    expect(await readdir(directory)).toEqual([TODAY, '2026-01-02.jsonl']);
  });

  it('writes a session that ended before midnight to the file of that day', async () => {
    const history = newHistory();
    await clock.advance(12 * HOUR - 1);
    history.add(ended('ada'));
    await clock.advance(1);
    history.add(ended('grace'));
    await history.flush();
    expect(await namesIn()).toEqual(['ada']);
    expect(await namesIn('2026-01-02.jsonl')).toEqual(['grace']);
  });

  it('deletes old days at the start, at each new day, and when they are kept for less time', async () => {
    const history = newHistory({ ...PLAIN, keep: 2 * DAY });
    for (let day = 1; day <= 4; day++) {
      await history.flush();
      await clock.advance(DAY);
    }
    await history.flush();
    expect(await readdir(directory)).toEqual([3, 4, 5].map((day) => `2026-01-0${day}.jsonl`));
    history.use({ ...PLAIN, keep: DAY });
    await history.flush();
    expect(await readdir(directory)).toEqual([4, 5].map((day) => `2026-01-0${day}.jsonl`));
    await history.close();
    await clock.advance(10 * DAY);
    await newHistory({ ...PLAIN, keep: DAY }).flush();
    expect(await readdir(directory)).toEqual(['2026-01-15.jsonl']);
  });

  it('is begun, ended and changed while it runs', async () => {
    const history = newHistory('off');
    history.add(ended('before'));
    history.use(PLAIN);
    history.add(ended('ada'));
    history.use(undefined);
    history.add(ended('between'));
    await history.flush();
    expect(await namesIn()).toEqual(['ada']);
    expect(clock.pending).toBe(0);
    history.use({ ...PLAIN, shownName: (name) => `#${name}` });
    history.add(ended('grace'));
    await history.flush();
    expect(await namesIn()).toEqual(['ada', '#grace']);
    history.use(undefined);
    await history.flush();
    await clock.advance(100 * DAY);
    expect(await readdir(directory)).toEqual([TODAY]);
  });

  it('writes names as they are to be shown when they are written', async () => {
    const history = newHistory();
    history.add(ended('ada'));
    history.use({ ...PLAIN, shownName: () => 'hash' });
    await history.flush();
    expect(await namesIn()).toEqual(['hash']);
  });

  it('writes what waits when it is closed, and nothing after', async () => {
    const history = newHistory();
    history.add(ended('ada'));
    await history.close();
    history.add(ended('grace'));
    await history.flush();
    expect(await namesIn()).toEqual(['ada']);
    expect(clock.pending).toBe(0);
  });

  it('repairs the torn lines of every day at the start', async () => {
    const first = newHistory();
    first.add(ended('ada', 'grace'));
    await first.close();
    const file = join(directory, TODAY);
    await truncate(file, (await readFile(file)).length - 5);
    await clock.advance(DAY);
    const second = newHistory();
    second.add(ended('alan'));
    await second.flush();
    expect(await namesIn()).toEqual(['ada']);
    expect(await readFile(file, 'utf8')).toMatch(/}\n$/);
  });

  it('goes on in a new file when its file was deleted or replaced', async () => {
    const history = newHistory();
    history.add(ended('ada'));
    await history.flush();
    await rm(directory, { recursive: true });
    history.add(ended('grace'));
    await history.flush();
    expect(await namesIn()).toEqual(['grace']);
    await writeFile(join(directory, 'edited'), '');
    await rename(join(directory, 'edited'), join(directory, TODAY));
    history.add(ended('alan'));
    await history.flush();
    expect(await namesIn()).toEqual(['alan']);
  });
});

describe('after a crash', () => {
  it('a session that was written is not written again by the first passes, and later ones are', async () => {
    const crashed = newHistory();
    crashed.add(ended('ada', 'grace'));
    await crashed.flush();
    const history = newHistory();
    await clock.advance(30 * SECOND);
    const start = START / SECOND - 3600;
    history.add({
      id: ID,
      sessions: [session('ada', start), session('ada', start + 1)],
      endedAt: now(),
    });
    await history.flush();
    expect(await namesIn()).toEqual(['ada', 'grace', 'ada']);
    await clock.advance(2 * HOUR);
    history.add({ id: ID, sessions: [session('grace', start)], endedAt: now() });
    await history.flush();
    expect(await namesIn()).toEqual(['ada', 'grace', 'ada', 'grace']);
  });

  it('counts only what was written last', async () => {
    const crashed = newHistory();
    crashed.add(ended('ada'));
    const start = START / SECOND - 3600;
    await clock.advance(11 * MINUTE);
    crashed.add(ended('grace'));
    await crashed.flush();
    const history = newHistory();
    history.add({ id: ID, sessions: [session('ada', start)], endedAt: now() });
    await history.flush();
    expect(await namesIn()).toEqual(['ada', 'grace', 'ada']);
  });
});

// Linux has /dev/full, a device that is always full.
describe.runIf(existsSync('/dev/full'))('when the disk is full', () => {
  const fill = () => symlink('/dev/full', join(directory, TODAY));
  const free = () => rm(join(directory, TODAY));

  async function onFullDisk(): Promise<History> {
    const history = newHistory();
    await history.flush();
    await free();
    await fill();
    return history;
  }

  it('flush tells it, sessions wait, and are written when there is room again', async () => {
    const history = await onFullDisk();
    history.add(ended('ada'));
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(history.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    }
    history.add(ended('grace'));
    await clock.advance(MINUTE);
    await free();
    await vi.waitFor(
      async () => {
        await clock.advance(30 * SECOND);
        expect(await namesIn()).toEqual(['ada', 'grace']);
      },
      { interval: 20 },
    );
    await expect(history.flush()).resolves.toBeUndefined();
    expect(messages()).toEqual([
      'the history cannot be written: up to 100,000 ended sessions wait in memory until it can',
      'the history is written again',
    ]);
    expect(log[0]).toMatchObject({ level: 'error', code: 'ENOSPC', directory });
  });

  it('for a day, memory is bounded, and it is logged how many sessions were lost', async () => {
    const history = await onFullDisk();
    history.add(ended('ada'));
    await expect(history.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    const sessions = Array.from({ length: 1000 }, (_, index) => session(`user-${index}`));
    for (let minute = 0; minute < 150; minute++) {
      history.add({ id: ID, sessions, endedAt: now() });
      await clock.advance(MINUTE);
    }
    await expect(history.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    await free();
    await history.flush();
    expect(await linesIn()).toHaveLength(100_000);
    expect(messages()).toEqual([
      'the history cannot be written: up to 100,000 ended sessions wait in memory until it can',
      'the history still cannot be written: further ended sessions are lost',
      'the history is written again',
      'the history lacks ended sessions that could not be written',
    ]);
    expect(log[3]).toMatchObject({
      level: 'error',
      sessions: 50_001,
      from: '2026-01-01T13:39:00.000Z',
      to: '2026-01-01T14:29:00.000Z',
    });
  });

  it('and the history is closed, it is logged what it lacks', async () => {
    const history = await onFullDisk();
    history.add(ended('ada', 'grace'));
    await history.close();
    expect(log.at(-1)).toMatchObject({
      msg: 'the history lacks ended sessions that could not be written',
      sessions: 2,
    });
    expect(clock.pending).toBe(0);
  });
});

it('a directory that cannot be made is logged once, and used as soon as it can', async () => {
  await writeFile(directory, 'a file in its place');
  const history = newHistory();
  history.add(ended('ada'));
  await expect(history.flush()).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  await clock.advance(DAY / 4);
  await rm(directory);
  await history.flush();
  expect(await namesIn()).toEqual(['ada']);
  expect(messages()).toEqual([
    'the history cannot be written: up to 100,000 ended sessions wait in memory until it can',
    'the history is written again',
  ]);
});
