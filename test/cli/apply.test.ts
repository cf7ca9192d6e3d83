import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import {
  type ExporterWishes,
  exporterConfig,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

let clock: ManualClock;
let api: StartedSimulator;
let exporter: StartedExporter;

beforeEach(async () => {
  clock = new ManualClock();
  api = await startSimulator({ clock });
});

afterEach(async () => {
  await exporter.stop();
  expect(clock.pending).toBe(0);
  await api.stop();
});

const config = (wishes: Partial<ExporterWishes> = {}): Promise<Config> =>
  exporterConfig({ endpoint: api.url, ...wishes });

/** Moves time on a little until something holds. */
const until = (check: () => Promise<void>) =>
  vi.waitFor(
    async () => {
      await clock.advance(0.2 * SECOND);
      await check();
    },
    { timeout: 20_000, interval: 5 },
  );

/** Starts an exporter and waits until its scrape equals the world. */
async function start(wishes: Partial<ExporterWishes> = {}): Promise<void> {
  exporter = await startExporter({ endpoint: api.url, clock, ...wishes });
  await untilWhole();
}

const untilWhole = () =>
  until(async () => {
    const shown = samplesOfScrape(await exporter.scrape());
    expect(shown).toEqual(samplesOfWorld(api.simulator.world));
  });

/** The fleet's series of a scrape: names and labels, without the exporter's own. */
async function series(): Promise<readonly string[]> {
  const text = await exporter.scrape();
  return text
    .split('\n')
    .filter((line) => line.startsWith('sag_app_') && !line.startsWith('sag_app_exporter_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .sort();
}

/** The value of the one sample of a metric with these labels. */
async function value(name: string, labels: Readonly<Record<string, string>> = {}) {
  const family = parseExposition(await exporter.scrape()).find((each) => each.name === name);
  const samples = (family?.samples ?? []).filter((sample) =>
    Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted),
  );
  expect(samples.length).toBeLessThanOrEqual(1);
  return samples[0]?.value;
}

const requests = (operation?: string): number =>
  api.simulator.requests.count(operation === undefined ? {} : { operation });

const SMALL = { instance_id: 'sag-small' };

describe('the same configuration', () => {
  it('changes nothing and makes no call', async () => {
    await start();
    const before = { calls: requests(), series: await series(), timers: clock.pending };
    expect(await exporter.apply(await config())).toEqual({ added: [], changed: [], removed: [] });
    await clock.advance(0);
    expect({ calls: requests(), series: await series(), timers: clock.pending }).toEqual(before);
  });

  it('with other settings of the metrics changes only what is shown', async () => {
    await start();
    const callsBefore = requests();
    const changes = await exporter.apply(
      await config({ metrics: { detail: 'instances' }, polling: { staleAfter: MINUTE } }),
    );
    expect(changes).toEqual({ added: [], changed: [], removed: [] });
    const names = (await series()).join('\n');
    expect(names).not.toContain('user_name');
    expect(names).toContain('sag_app_users{');
    expect(requests()).toBe(callsBefore);
    await clock.advance(20 * MINUTE);
    await exporter.apply(await config({ metrics: { sessionAge: false } }));
    await untilWhole();
    expect((await series()).join('\n')).not.toContain('session_age');
  });
});

describe('another configuration of an account', () => {
  it.each<[what: string, wishes: Partial<ExporterWishes>]>([
    ['intervals', { polling: { onlineInterval: 7 * SECOND, usersInterval: MINUTE } }],
    ['the page size', { polling: { pageSize: 10 } }],
    ['the strategy', { polling: { strategy: 'fan-out' } }],
    ['the budget', { polling: { requestsPerSecond: 50, adaptive: true } }],
    ['calls', { polling: { timeout: 5 * SECOND, concurrency: 2 } }],
    ['regions', { account: { regions: [] } }],
    [
      'its instances',
      { account: { instances: [{ id: 'sag-small', region: 'cn-shanghai', usersLimit: 30 }] } },
    ],
  ])('that differs in %s loses no series, and the account is read again', async (_, wishes) => {
    await start();
    const before = await series();
    const counted = await value('sag_app_sessions_started_total', SMALL);
    const callsBefore = requests('DescribeSmartAccessGatewayClientUsers');
    expect(await exporter.apply(await config(wishes))).toMatchObject({ changed: ['test'] });
    expect(await series()).toEqual(before);
    await until(async () => {
      expect(await series()).toEqual(expect.arrayContaining([...before]));
      expect(requests('DescribeSmartAccessGatewayClientUsers')).toBeGreaterThan(callsBefore + 1);
    });
    await untilWhole();
    expect(await value('sag_app_sessions_started_total', SMALL)).toBe(counted);
  });

  it('is polled at the new interval', async () => {
    await start();
    await exporter.apply(await config({ polling: { usersInterval: 10 * MINUTE } }));
    await untilWhole();
    const callsBefore = requests('DescribeSmartAccessGatewayClientUsers');
    await clock.advance(9 * MINUTE);
    expect(requests('DescribeSmartAccessGatewayClientUsers')).toBe(callsBefore);
    await exporter.apply(await config({ polling: { usersInterval: 20 * SECOND } }));
    await untilWhole();
    const after = requests('DescribeSmartAccessGatewayClientUsers');
    for (let each = 0; each < 20; each++) await clock.advance(3 * SECOND);
    expect(requests('DescribeSmartAccessGatewayClientUsers')).toBeGreaterThanOrEqual(after + 4);
  });

  it('keeps the snapshots while the API is down, and polling goes on', async () => {
    await start();
    const before = await series();
    api.simulator.faults.add({
      match: { operation: 'DescribeSmartAccessGateways' },
      effect: { error: { code: 'InternalError' } },
    });
    await exporter.apply(await config({ polling: { onlineInterval: 5 * SECOND } }));
    const callsBefore = requests('DescribeUserOnlineClientStatistics');
    await until(async () =>
      expect(requests('DescribeUserOnlineClientStatistics')).toBeGreaterThan(callsBefore),
    );
    expect(await series()).toEqual(expect.arrayContaining([...before]));
    await untilWhole();
  });

  it('shows another limit at once, and keeps counters and times', async () => {
    await start();
    const success = { ...SMALL, stage: 'users' };
    const last = await value('sag_app_last_success_timestamp_seconds', success);
    await exporter.apply(
      await config({
        account: { instances: [{ id: 'sag-small', region: 'cn-shanghai', usersLimit: 77 }] },
      }),
    );
    expect(await value('sag_app_users_limit', SMALL)).toBe(77);
    // The next pass may have ended already. A missing date or an older one would be wrong.
    const now = await value('sag_app_last_success_timestamp_seconds', success);
    expect(now).toBeGreaterThanOrEqual(last ?? Number.NaN);
    await exporter.apply(await config());
    expect(await value('sag_app_users_limit', SMALL)).toBe(30);
  });

  it('forgets instances that the configuration excludes, and finds them again', async () => {
    await start();
    await exporter.apply(await config({ account: { exclude: ['sag-quiet'] } }));
    expect((await series()).join('\n')).not.toContain('sag-quiet');
    expect((await series()).join('\n')).toContain('sag-small');
    await exporter.apply(await config());
    await untilWhole();
  });

  it('forgets a region with its instances', async () => {
    await start();
    await exporter.apply(await config({ account: { regions: ['cn-shanghai'] } }));
    expect((await series()).join('\n')).not.toContain('ap-southeast-1');
    await exporter.apply(await config({ account: { regions: [] } }));
    await untilWhole();
    await exporter.apply(await config({ account: { regions: ['cn-shanghai'] } }));
    expect((await series()).join('\n')).not.toMatch(/region_id=""|ap-southeast-1/);
  });

  it('starts and stops reading traffic', async () => {
    await start();
    const traffic = async () =>
      (await series()).filter((name) => /traffic|stage="traffic"/.test(name)).length;
    expect(await traffic()).toBe(0);
    await exporter.apply(
      await config({ polling: { traffic: { enabled: true, interval: MINUTE } } }),
    );
    await until(async () => expect(await traffic()).toBeGreaterThan(10));
    await exporter.apply(await config());
    expect(await traffic()).toBe(0);
    await untilWhole();
  });
});

describe('other credentials', () => {
  it('that are wrong lose no data, and correct ones are tried at once', async () => {
    await start();
    const before = await series();
    const wrong = { kind: 'static', accessKeyId: 'nobody', accessKeySecret: 'x' } as const;
    await exporter.apply(await config({ account: { credentials: wrong } }));
    await until(async () => expect(await value('sag_app_account_up', { account: 'test' })).toBe(0));
    expect(await series()).toEqual(expect.arrayContaining([...before]));
    // By now the paused account tries the API only once a minute.
    await clock.advance(5 * MINUTE);
    const now = clock.now();
    await exporter.apply(await config());
    await until(async () => expect(await value('sag_app_account_up', { account: 'test' })).toBe(1));
    expect(clock.now() - now).toBeLessThan(5 * SECOND);
    await untilWhole();
    expect(await value('sag_app_instance_up', SMALL)).toBe(1);
  });
});

describe('accounts', () => {
  it('are added and removed with all their series, and other accounts are not affected', async () => {
    await start();
    const withOne = await config();
    const [account] = withOne.accounts;
    if (!account) throw new Error('no account');
    const withTwo = { ...withOne, accounts: [account, { ...account, name: 'spare' }] };
    expect(await exporter.apply(withTwo)).toEqual({ added: ['spare'], changed: [], removed: [] });
    await until(async () =>
      expect(
        (await series()).filter((name) => /^sag_app_user_info.*"spare"/.test(name)),
      ).toHaveLength(28),
    );
    expect(await exporter.apply(withOne)).toEqual({ added: [], changed: [], removed: ['spare'] });
    expect(await exporter.scrape()).not.toContain('spare');
    await untilWhole();
  });

  it('with another name replace the earlier account', async () => {
    await start();
    await exporter.apply(await config({ account: { name: 'renamed' } }));
    expect(await exporter.scrape()).not.toContain('account="test"');
    await until(async () =>
      expect(
        (await series()).filter((name) => /^sag_app_user_info.*"renamed"/.test(name)),
      ).toHaveLength(28),
    );
  });
});

describe('hashed names', () => {
  it('use the key that the file holds when the configuration is read', async () => {
    const key = join(await temporaryFolder(), 'key');
    await writeFile(key, 'one');
    const hashed = { metrics: { userName: 'hash', hashKeyFile: key } } as const;
    await start();
    const names = async () =>
      (await series()).filter((name) => name.startsWith('sag_app_user_info'));
    const plain = await names();
    await exporter.apply(await config(hashed));
    const first = await names();
    expect(first).not.toEqual(plain);
    await exporter.apply(await config(hashed));
    expect(await names()).toEqual(first);
    await writeFile(key, 'two');
    await exporter.apply(await config(hashed));
    expect(await names()).not.toEqual(first);
  });

  it('change nothing if the key cannot be read', async () => {
    await start();
    const before = await series();
    const hashed = { userName: 'hash', hashKeyFile: '/nowhere/key' } as const;
    await expect(
      exporter.apply(await config({ metrics: hashed, account: { name: 'other' } })),
    ).rejects.toThrow('ENOENT');
    expect(await series()).toEqual(before);
  });
});
