import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import type { InstanceSpec } from '../../src/simulator/index.ts';
import { isComplaint, type LogLine } from '../support/fake-host.ts';
import { ManualClock } from '../support/manual-clock.ts';
import {
  type ExporterWishes,
  exporterConfig,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';
import {
  type Samples,
  samplesNamed,
  samplesOfScrape,
  samplesOfWorld,
} from '../support/world-samples.ts';

const WORLD: readonly InstanceSpec[] = [
  { id: 'sag-small', regionId: 'cn-shanghai', users: 25, usersLimit: 30, onlineRatio: 0.4 },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 3, onlineRatio: 0 },
];

let clock: ManualClock;
let api: StartedSimulator;
let storagePath: string;
let lines: LogLine[];
let running: StartedExporter[];

beforeEach(async () => {
  clock = new ManualClock();
  api = await startSimulator({ clock, instances: WORLD });
  storagePath = join(await temporaryFolder(), 'storage');
  lines = [];
  running = [];
});

afterEach(async () => {
  for (const exporter of running) await exporter.stop();
  await api.stop();
});

async function start(wishes: Partial<ExporterWishes> = {}): Promise<StartedExporter> {
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  const exporter = await startExporter({ endpoint: api.url, clock, log, storagePath, ...wishes });
  running.push(exporter);
  return exporter;
}

async function stop(exporter: StartedExporter): Promise<void> {
  running = running.filter((other) => other !== exporter);
  await exporter.stop();
}

/** Advances the clock in steps until the condition holds. Answers and files take no time of this clock. */
async function advanceUntil(check: () => unknown): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(SECOND);
      await check();
    },
    { timeout: 20_000, interval: 10 },
  );
}

const untilComplete = (exporter: StartedExporter) =>
  advanceUntil(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
  });

const statusOf = async (exporter: StartedExporter): Promise<number> =>
  (await fetch(`${exporter.url}/-/ready`)).status;

const storageMetrics = async (exporter: StartedExporter) =>
  samplesNamed(await exporter.scrape(), (name) => name.startsWith('sag_app_exporter_storage_'));

const SUCCESSFUL = 'sag_app_exporter_storage_last_write_successful{}';

const WRITTEN_AT = 'sag_app_exporter_storage_last_write_success_timestamp_seconds{}';

/** Waits until everything that is known now was written. */
const untilStored = (exporter: StartedExporter) => {
  const now = clock.now() / SECOND;
  return advanceUntil(async () => {
    const metrics = await storageMetrics(exporter);
    expect(metrics[SUCCESSFUL]).toBe(1);
    expect(metrics[WRITTEN_AT]).toBeGreaterThanOrEqual(now);
  });
};

const watchedSince = async (exporter: StartedExporter) =>
  samplesNamed(await exporter.scrape(), (name) => name.startsWith('sag_app_watched_since'));

const stateFolder = () => join(storagePath, 'state');
/** The files in the state folder, without those that are being written. */
const stateFiles = async () =>
  (await readdir(stateFolder())).filter((name) => !name.includes('.tmp-'));
const messages = (text: string) => lines.filter(({ msg }) => String(msg).includes(text));
const problems = () => lines.filter(isComplaint);

/** Everything in the storage directory as text, also what is packed. */
async function everyByte(): Promise<string> {
  const texts: string[] = [];
  for (const name of await readdir(storagePath, { recursive: true })) {
    texts.push(name);
    // The lock is a socket, and a temporary file may be gone already.
    const bytes = await readFile(join(storagePath, name)).catch(() => Buffer.alloc(0));
    texts.push(bytes.toString('latin1'));
    if (name.endsWith('.json.gz')) texts.push(gunzipSync(bytes).toString());
  }
  return texts.join('\n');
}

/** Metrics of the fleet that do not begin anew with a process. */
const LASTING = /^sag_app_(?!exporter_|.*_total$|session_duration_)/;

const lastingSamples = async (exporter: StartedExporter) =>
  samplesNamed(await exporter.scrape(), (name) => LASTING.test(name));

describe('a restart with storage', () => {
  it.each(['batched', 'fan-out'] as const)(
    'shows what the earlier process has shown last, is ready at once, and makes no call before it is due: %s',
    async (strategy) => {
      const wishes: Partial<ExporterWishes> = {
        polling: { strategy, traffic: { enabled: true, interval: 5 * MINUTE } },
        metrics: { detail: 'sessions' },
      };
      const first = await start(wishes);
      await untilComplete(first);
      await advanceUntil(async () =>
        expect(await first.scrape()).toContain('sag_app_user_traffic_month_bytes{'),
      );
      const before = await lastingSamples(first);
      await stop(first);
      const calls = api.simulator.requests.count();

      const second = await start(wishes);
      expect(await statusOf(second)).toBe(200);
      expect(await lastingSamples(second)).toEqual(before);
      await clock.advance(0);
      expect(api.simulator.requests.count()).toBe(calls);
      expect(messages('going on with the state')).toMatchObject([{ instances: 2 }]);
      expect(problems()).toEqual([]);
    },
  );

  it('forgets the accounts, regions and instances that the configuration does not want any more', async () => {
    const first = await start();
    await untilComplete(first);
    await stop(first);
    expect(await stateFiles()).toHaveLength(3);

    const second = await start({ account: { regions: ['cn-shanghai'] } });
    expect(await second.scrape()).not.toContain('sag-quiet');
    await advanceUntil(async () => expect(await stateFiles()).toHaveLength(2));
    await stop(second);

    const third = await start({ account: { name: 'other' } });
    expect(await third.scrape()).not.toContain('account="test"');
    await advanceUntil(async () =>
      expect((await stateFiles()).filter((name) => name.includes('-test'))).toEqual([]),
    );
    expect((await stateFiles()).every((name) => /^(account|instance)-other/.test(name))).toBe(true);
  });

  it('keeps the files of instances until discovery has shown that they are gone', async () => {
    const wishes = { polling: { discoveryInterval: 5 * SECOND } };
    const first = await start(wishes);
    await untilComplete(first);
    await stop(first);
    const files = await stateFiles();
    api.simulator.world.removeInstance('sag-quiet');
    api.simulator.faults.add({
      match: { operation: 'DescribeSmartAccessGateways' },
      effect: { error: { code: 'InternalError' } },
    });

    await start(wishes);
    await advanceUntil(() => expect(problems()).toMatchObject([{ stage: 'discovery' }]));
    for (let second = 0; second < 10; second++) await clock.advance(SECOND);
    expect(await stateFiles()).toEqual(files);
    api.simulator.faults.clear();
    await advanceUntil(async () => expect(await stateFiles()).toHaveLength(2));
    expect((await stateFiles()).join()).not.toContain('sag-quiet');
  });

  it('keeps everything over a reload, and deletes what belongs to a removed account', async () => {
    const first = await start();
    await untilComplete(first);
    await untilStored(first);
    const ofTest = (samples: Samples): Samples =>
      Object.fromEntries(
        Object.entries(samples).filter(([name]) => name.includes('account="test"')),
      );
    const both = await exporterConfig({ endpoint: api.url });
    const [account] = both.accounts;
    if (!account) throw new Error('no account');
    const other = { ...account, name: 'other' };
    await first.apply({ ...both, accounts: [account, other] });
    await advanceUntil(async () => expect((await stateFiles()).length).toBe(6));
    expect(ofTest(samplesOfScrape(await first.scrape()))).toEqual(
      samplesOfWorld(api.simulator.world),
    );
    await first.apply({ ...both, accounts: [other] });
    await advanceUntil(async () => expect((await stateFiles()).length).toBe(3));
    expect((await stateFiles()).join()).not.toContain('-test');
  });
});

describe('the files of the storage', () => {
  it('can be read by their owner only, in a directory that the exporter makes', async () => {
    const exporter = await start();
    await untilComplete(exporter);
    await untilStored(exporter);
    const modes = await Promise.all(
      ['', 'state', ...(await stateFiles()).map((name) => `state/${name}`)].map(async (name) =>
        ((await stat(join(storagePath, name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['700', '700', '600', '600', '600']);
  });

  it('stay closed to others in a directory that an administrator has opened', async () => {
    await mkdir(join(storagePath, 'state'), { recursive: true });
    await chmod(storagePath, 0o777);
    await chmod(stateFolder(), 0o777);
    const exporter = await start();
    await untilComplete(exporter);
    await untilStored(exporter);
    expect((await stat(storagePath)).mode & 0o777).toBe(0o777);
    expect((await stat(stateFolder())).mode & 0o777).toBe(0o700);
  });

  it('have no mail addresses, unless the metrics have them', async () => {
    const mails = api.simulator.world.users('sag-small').map(({ mail }) => mail);
    expect(mails).toHaveLength(25);
    const found = async () => {
      const text = await everyByte();
      return mails.filter((mail) => text.includes(mail)).length;
    };
    const exporter = await start();
    await untilComplete(exporter);
    await advanceUntil(async () => expect(await everyByte()).toContain('sag-small'));
    expect(await found()).toBe(0);
    await exporter.apply(await exporterConfig({ endpoint: api.url, metrics: { userMail: true } }));
    await advanceUntil(async () => expect(await found()).toBe(25));
    await exporter.apply(await exporterConfig({ endpoint: api.url }));
    await advanceUntil(async () => expect(await found()).toBe(0));
  });
});

describe('a state file that cannot be used', () => {
  const DAMAGES: readonly (readonly [string, (file: Buffer) => Buffer])[] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is cut', (file) => file.subarray(0, file.length / 2)],
    ['is not packed', (file) => gunzipSync(file)],
    ['has other JSON', () => gzipSync('[1, 2, {"version": 1}]')],
    [
      'is of a newer version',
      (file) => gzipSync(gunzipSync(file).toString().replace('"version":1', '"version":2')),
    ],
  ];

  it.each(DAMAGES)(
    'because it %s is renamed, and the exporter starts without it',
    async (_, damage) => {
      const first = await start();
      await untilComplete(first);
      await stop(first);
      const files = await stateFiles();
      for (const name of files) {
        const path = join(stateFolder(), name);
        await writeFile(path, damage(await readFile(path)));
        await writeFile(`${path}.unreadable`, 'an older one');
      }
      const second = await start();
      expect((await stateFiles()).sort()).toEqual(files.map((name) => `${name}.unreadable`).sort());
      for (const name of await stateFiles()) {
        expect((await readFile(join(stateFolder(), name))).toString()).not.toBe('an older one');
      }
      expect(problems().map(({ msg }) => msg)).toEqual(
        files.map(() => expect.stringContaining('a state file cannot be used')),
      );
      await untilComplete(second);
      await advanceUntil(async () =>
        expect(await stateFiles()).toEqual(expect.arrayContaining(files)),
      );
      expect(problems()).toHaveLength(files.length);
    },
  );

  it('does not disturb the others', async () => {
    const first = await start();
    await untilComplete(first);
    await stop(first);
    const [damaged = ''] = (await stateFiles()).filter((name) => name.includes('sag-quiet'));
    await writeFile(join(stateFolder(), damaged), 'damaged');
    const second = await start();
    const text = await second.scrape();
    expect(text).toContain('sag_app_online_users{account="test",region_id="cn-shanghai"');
    expect(text).not.toContain('sag_app_online_users{account="test",region_id="ap-southeast-1"');
    const begun = clock.monotonic();
    await untilComplete(second);
    expect(clock.monotonic() - begun).toBeLessThan(MINUTE);
  });
});

describe('a storage directory', () => {
  it('that another process uses is left alone until that process has ended', async () => {
    const first = await start();
    await untilComplete(first);
    await untilStored(first);
    const second = await start();
    expect(problems()).toMatchObject([
      { level: 'error', reason: expect.stringContaining('another process uses it') },
    ]);
    expect(await storageMetrics(second)).toEqual({ [SUCCESSFUL]: 0 });
    await untilComplete(second);
    expect(await (await fetch(`${second.url}/api/v1/status`)).text()).toContain(
      'another process uses it',
    );
    const since = await watchedSince(first);
    expect(await watchedSince(second)).not.toEqual(since);
    await stop(first);
    await untilStored(second);
    expect(problems()).toHaveLength(1);
    expect(messages('is kept in the storage directory again')).toHaveLength(1);
    // The next online pass renders it.
    await advanceUntil(async () => expect(await watchedSince(second)).toEqual(since));
    expect(await (await fetch(`${second.url}/api/v1/status`)).text()).not.toContain(
      'another process uses it',
    );
  });

  it('that is taken over late tells when users were online, also of instances that are discovered later', async () => {
    const first = await start();
    await untilComplete(first);
    await untilStored(first);
    const since = await watchedSince(first);
    api.simulator.faults.add({
      match: { operation: 'DescribeSmartAccessGateways' },
      effect: { body: '', httpStatus: 500 },
    });
    const second = await start();
    await clock.advance(SECOND);
    await stop(first);
    await advanceUntil(async () => expect((await storageMetrics(second))[SUCCESSFUL]).toBe(1));
    expect(await watchedSince(second)).toEqual({});
    api.simulator.faults.clear();
    await untilComplete(second);
    expect(await watchedSince(second)).toEqual(since);
  });

  it('that cannot be made disturbs nothing, is logged once, and is used as soon as it can be', async () => {
    await writeFile(storagePath, 'a file');
    const exporter = await start();
    await untilComplete(exporter);
    for (let second = 0; second < 100; second++) await clock.advance(SECOND);
    expect(problems()).toMatchObject([
      { level: 'error', reason: 'a file is in the place of a directory (EEXIST)' },
    ]);
    expect(await storageMetrics(exporter)).toEqual({ [SUCCESSFUL]: 0 });
    await rm(storagePath);
    await untilStored(exporter);
    expect(await stateFiles()).toHaveLength(3);
    expect(problems()).toHaveLength(1);
  });

  it('that disappears is made anew', async () => {
    const exporter = await start();
    await untilComplete(exporter);
    await untilStored(exporter);
    await rm(stateFolder(), { recursive: true });
    await advanceUntil(async () => expect(await stateFiles()).toHaveLength(3));
    expect((await stat(stateFolder())).mode & 0o777).toBe(0o700);
  });

  it('has its metrics from the first scrape on', async () => {
    const kinds = (kind: string) => `sag_app_exporter_storage_size_bytes{kind="${kind}"}`;
    const first = await start();
    const atFirst = await storageMetrics(first);
    expect(atFirst).toEqual({ [SUCCESSFUL]: 1, [kinds('state')]: 0, [kinds('history')]: 0 });
    await untilComplete(first);
    await untilStored(first);
    await stop(first);
    const stoppedAt = clock.now() / SECOND;
    for (let minute = 0; minute < 5; minute++) await clock.advance(MINUTE);
    const atRestart = await storageMetrics(await start());
    expect(atRestart[SUCCESSFUL]).toBe(1);
    expect(atRestart[WRITTEN_AT]).toBeLessThanOrEqual(stoppedAt);
    expect(atRestart[WRITTEN_AT]).toBeGreaterThan(stoppedAt - MINUTE / SECOND);
    expect(atRestart[kinds('state')]).toBeGreaterThan(0);
  });

  it('shows its size', async () => {
    const exporter = await start();
    await untilComplete(exporter);
    await untilStored(exporter);
    await clock.advance(MINUTE);
    const sizes = await Promise.all(
      (await stateFiles()).map(async (name) => (await stat(join(stateFolder(), name))).size),
    );
    expect(await storageMetrics(exporter)).toMatchObject({
      'sag_app_exporter_storage_size_bytes{kind="state"}': sizes.reduce((a, b) => a + b, 0),
      'sag_app_exporter_storage_size_bytes{kind="history"}': 0,
    });
  });
});
