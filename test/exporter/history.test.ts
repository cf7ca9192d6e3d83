import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DAY, SECOND, systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { hashedUserNames } from '../../src/metrics/user-names.ts';
import type { EndedSession } from '../../src/storage/history/ended-session.ts';
import {
  type ExporterWishes,
  exporterConfig,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };
const ON: Config['history'] = { enabled: true, keep: 90 * DAY };
const OFF: Config['history'] = { enabled: false, keep: 90 * DAY };
const USERS = ['ada.lovelace', 'grace.hopper', 'alan@example.com', '李雷.li'];

let api: StartedSimulator;
let storagePath: string;
let wishes: ExporterWishes;
beforeEach(async () => {
  api = await startSimulator({
    clock: systemClock,
    instances: [
      {
        id: 'sag-office',
        regionId: 'cn-shanghai',
        users: USERS.map((name) => ({
          name,
          sessions: [{ clientIp: '10.0.0.9', onlineTime: 1_700_000_000 }],
        })),
      },
    ],
  });
  onTestFinished(() => api.stop());
  storagePath = join(await temporaryFolder(), 'storage');
  const polling = { onlineInterval: 50, usersInterval: 50, discoveryInterval: 50 };
  wishes = { endpoint: api.url, storagePath, history: ON, polling };
});

async function start(): Promise<StartedExporter> {
  const exporter = await startExporter(wishes);
  onTestFinished(() => exporter.stop());
  const record = () => [...exporter.fleet.instances][0];
  await vi.waitFor(
    () => expect(record()?.snapshot.sessions?.sessions.size).toBe(USERS.length),
    PATIENCE,
  );
  return exporter;
}

/** Ends the sessions of a user, and waits until the exporter has noticed. */
async function logOut(exporter: StartedExporter, userName: string): Promise<void> {
  api.simulator.world.kick('sag-office', userName);
  await vi.waitFor(() => {
    const [record] = exporter.fleet.instances;
    expect(record?.snapshot.sessions?.sessions.get(userName)).toEqual([]);
  }, PATIENCE);
}

async function lines(): Promise<readonly EndedSession[]> {
  const folder = join(storagePath, 'history');
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts))
    .flatMap((text) => text.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as EndedSession);
}

const namesWritten = async () => (await lines()).map(({ user_name }) => user_name);

describe('the exporter records ended sessions', () => {
  it('by itself, with the beginning of the pass that missed them', async () => {
    const exporter = await start();
    const before = systemClock.now();
    await logOut(exporter, 'ada.lovelace');
    await vi.waitFor(async () => expect(await lines()).toHaveLength(1), PATIENCE);
    const [line] = await lines();
    expect(line).toEqual({
      account: 'test',
      region_id: 'cn-shanghai',
      instance_id: 'sag-office',
      user_name: 'ada.lovelace',
      client_ip: '10.0.0.9',
      started_at: '2023-11-14T22:13:20.000Z',
      ended_at: expect.any(String),
    });
    const endedAt = Date.parse(line?.ended_at ?? '');
    expect(endedAt).toBeGreaterThanOrEqual(before - SECOND);
    expect(endedAt).toBeLessThanOrEqual(systemClock.now());
    const folder = join(storagePath, 'history');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('also of users who are deleted, and of an instance that is released', async () => {
    const exporter = await start();
    api.simulator.world.removeUser('sag-office', 'ada.lovelace');
    await vi.waitFor(() => {
      const [record] = exporter.fleet.instances;
      expect(record?.snapshot.sessions?.sessions.size).toBe(USERS.length - 1);
    }, PATIENCE);
    api.simulator.world.removeInstance('sag-office');
    await vi.waitFor(() => expect([...exporter.fleet.instances]).toEqual([]), PATIENCE);
    await exporter.stop();
    expect([...(await namesWritten())].sort()).toEqual([...USERS].sort());
  });

  it('not of an instance that the configuration no longer names', async () => {
    const exporter = await start();
    await logOut(exporter, 'ada.lovelace');
    await exporter.apply(await exporterConfig({ ...wishes, account: { exclude: ['sag-office'] } }));
    await vi.waitFor(() => expect([...exporter.fleet.instances]).toEqual([]), PATIENCE);
    await exporter.stop();
    expect(await namesWritten()).toEqual(['ada.lovelace']);
  });

  it('with hashed names, and no name in any file of the history', async () => {
    const hashKeyFile = await temporaryFile('key', 'marked-hash-key\n');
    wishes = { ...wishes, metrics: { userName: 'hash', hashKeyFile } };
    const exporter = await start();
    for (const name of USERS) await logOut(exporter, name);
    await exporter.stop();
    const hash = hashedUserNames(Buffer.from('marked-hash-key'), () => 0);
    expect([...(await namesWritten())].sort()).toEqual(USERS.map(hash).sort());
    const written = JSON.stringify(await lines());
    for (const name of [...USERS, 'marked-hash-key', 'testsecret']) {
      expect(written).not.toContain(name);
    }
  });
});

describe('a reload', () => {
  it('switches the history on and off, and keeps its files', async () => {
    wishes = { ...wishes, history: OFF };
    const exporter = await start();
    const use = async (history: Config['history']): Promise<void> => {
      await exporter.apply(await exporterConfig({ ...wishes, history }));
    };
    const [first = '', second = '', third = ''] = USERS;
    await logOut(exporter, first);
    await use(ON);
    await logOut(exporter, second);
    await use(OFF);
    await logOut(exporter, third);
    await exporter.stop();
    expect(await namesWritten()).toEqual([second]);
  });

  it('changes how long days are kept', async () => {
    const exporter = await start();
    const day = (ago: number): string =>
      `${new Date(systemClock.now() - ago * DAY).toISOString().slice(0, 10)}.jsonl`;
    const folder = join(storagePath, 'history');
    for (const ago of [20, 40]) await writeFile(join(folder, day(ago)), '');
    await exporter.apply(
      await exporterConfig({ ...wishes, history: { enabled: true, keep: 30 * DAY } }),
    );
    await vi.waitFor(async () => expect(await readdir(folder)).not.toContain(day(40)), PATIENCE);
    expect(await readdir(folder)).toContain(day(20));
  });
});
