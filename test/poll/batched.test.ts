import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, systemClock } from '../../src/clock.ts';
import {
  type ExporterWishes,
  type StartedExporter,
  startExporter,
} from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesNamed, samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const TOTALS = 'DescribeSagOnlineClientStatistics';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const SESSIONS = 'DescribeUserOnlineClients';
const PATIENCE = { timeout: 20_000, interval: 20 };

/** An instance with 120 users in three batches, 12 of them online, and one where all users are offline. */
const INSTANCES = [
  { id: 'sag-busy', regionId: 'cn-shanghai', users: 120, disabledRatio: 0, onlineRatio: 0.1 },
  { id: 'sag-idle', regionId: 'cn-shanghai', users: 80, onlineRatio: 0 },
];

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

interface Wishes {
  readonly strategy?: 'auto' | 'batched';
  readonly onlineInterval?: number;
  readonly discoveryInterval?: number;
  readonly account?: ExporterWishes['account'];
}

async function start(
  { account = { regions: ['cn-shanghai'] }, ...wishes }: Wishes = {},
  before: () => void = () => {},
): Promise<void> {
  api = await startSimulator({
    clock: systemClock,
    instances: INSTANCES,
    recordRequests: true,
  });
  before();
  exporter = await startExporter({
    endpoint: api.url,
    account,
    polling: {
      strategy: 'auto',
      discoveryInterval: HOUR,
      usersInterval: HOUR,
      onlineInterval: HOUR,
      sessionsInterval: HOUR,
      ...wishes,
    },
  });
}

async function equalsTheWorld(): Promise<void> {
  await vi.waitFor(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
  }, PATIENCE);
}

function calls(operation: string): number {
  return api.simulator.requests.count({ operation });
}

function aName(instanceId: string, online: boolean): string {
  const users = api.simulator.world.users(instanceId);
  const user = users.find(({ sessions, state }) => sessions.length > 0 === online && state === 0);
  if (!user) throw new Error('the world has no such user');
  return user.name;
}

async function counter(name: string): Promise<number> {
  const samples = samplesNamed(await exporter.scrape(), (family) => family === name);
  return Object.values(samples).reduce((sum, value) => sum + value, 0);
}

describe('the batched strategy', () => {
  it('counts 50 users a call, and reads only the sessions of users who are online', async () => {
    await start();
    await equalsTheWorld();
    expect(calls(TOTALS)).toBeLessThanOrEqual(2);
    expect(calls(COUNTS)).toBe(3 + 2);
    expect(calls(SESSIONS)).toBe(api.simulator.world.onlineUsers('sag-busy').length);
  });

  it('asks for the totals of instances together once their passes are in step', async () => {
    await start({ onlineInterval: 250 });
    await vi.waitFor(() => expect(calls(COUNTS)).toBeGreaterThanOrEqual(2 + 6 * 3), PATIENCE);
    // The idle instance is counted at first, to confirm its total of 0.
    const counted = api.simulator.requests.recent.filter(
      ({ operation, instanceId }) => operation === COUNTS && instanceId === 'sag-busy',
    );
    const passes = Math.ceil(counted.length / 3);
    // Each instance's first pass begins when its users are known.
    expect(calls(TOTALS)).toBeLessThanOrEqual(passes + 2);
  });

  it('reads sessions again only for users who logged in or whose number of clients changed', async () => {
    await start({ onlineInterval: 50 });
    await equalsTheWorld();
    const before = calls(SESSIONS);
    const newcomer = aName('sag-busy', false);
    const regular = aName('sag-busy', true);
    api.simulator.world.connect('sag-busy', newcomer);
    api.simulator.world.connect('sag-busy', regular);
    await equalsTheWorld();
    const usersRead = api.simulator.requests.recent
      .filter(({ operation }) => operation === SESSIONS)
      .slice(before)
      .flatMap(({ userNames }) => userNames);
    expect(new Set(usersRead)).toEqual(new Set([newcomer, regular]));
  });

  it('counts logins and logouts, and a reconnect as one of each', async () => {
    await start({ onlineInterval: 50 });
    await equalsTheWorld();
    expect(await counter('sag_app_sessions_started_total')).toBe(0);
    expect(await counter('sag_app_sessions_ended_total')).toBe(0);
    const { world } = api.simulator;
    world.connect('sag-busy', aName('sag-busy', false));
    await equalsTheWorld();
    expect(await counter('sag_app_sessions_started_total')).toBe(1);
    world.kick('sag-busy', aName('sag-busy', true));
    await equalsTheWorld();
    await vi.waitFor(async () => {
      expect(await counter('sag_app_sessions_ended_total')).toBeGreaterThanOrEqual(1);
    }, PATIENCE);
    expect(await counter('sag_app_sessions_started_total')).toBe(1);
  });

  it('treats users who were deleted since the list was read as offline', async () => {
    await start({ onlineInterval: 50 });
    await equalsTheWorld();
    const gone = aName('sag-busy', true);
    api.simulator.quirks.set({ unknownUser: 'name-invalid' });
    api.simulator.world.removeUser('sag-busy', gone);
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toContain(
        `online_clients{account="test",region_id="cn-shanghai",instance_id="sag-busy",user_name="${gone}"} 0\n`,
      );
    }, PATIENCE);
    expect(await exporter.scrape()).not.toMatch(/instance_up\{.*} 0\n/);
  });

  it('counts a disagreement when the total differs from the sum', async () => {
    await start({ onlineInterval: 50 }, () => {
      const body = JSON.stringify({
        RequestId: 'A',
        SagStatistics: { Statistics: [{ SmartAGId: 'sag-busy', OnlineCount: '9999' }] },
      });
      api.simulator.faults.add({ match: { operation: TOTALS }, effect: { body, httpStatus: 200 } });
    });
    await equalsTheWorld();
    await vi.waitFor(async () => {
      expect(await counter('sag_app_online_disagreements_total')).toBeGreaterThan(0);
    }, PATIENCE);
  });
});

describe('auto', () => {
  it.each([
    ['denied', [TOTALS]],
    ['denied', [COUNTS]],
    ['denied', [TOTALS, COUNTS]],
  ] as const)('continues if operations are %s: %s', async (_, operations) => {
    await start({}, () => {
      for (const operation of operations) api.simulator.permissions.deny({ operation });
    });
    await equalsTheWorld();
    const text = await exporter.scrape();
    for (const operation of [TOTALS, COUNTS]) {
      const falls = (operations as readonly string[]).includes(operation) ? 1 : 0;
      expect(text).toContain(
        `sag_app_exporter_fallback{account="test",operation="${operation}"} ${falls}\n`,
      );
    }
    expect(text).not.toMatch(/instance_up\{.*} 0\n/);
  });

  it('falls back where an operation is unknown', async () => {
    await start({}, () => {
      api.simulator.faults.add({
        match: { operation: COUNTS },
        effect: { error: { code: 'InvalidApi.NotFound', httpStatus: 404, message: 'unknown' } },
      });
    });
    await equalsTheWorld();
    expect(calls(COUNTS)).toBeLessThanOrEqual(3 + 2);
  });

  it('falls back for a single instance where the operation is forbidden for that instance only', async () => {
    await start({ onlineInterval: 50 }, () => {
      api.simulator.world.connect('sag-idle', aName('sag-idle', false));
      api.simulator.permissions.deny({ operation: COUNTS, instanceId: 'sag-busy' });
    });
    await equalsTheWorld();
    const batchedFor = api.simulator.requests.recent
      .filter(({ operation, code }) => operation === COUNTS && code === 'OK')
      .map(({ instanceId }) => instanceId);
    expect(new Set(batchedFor)).toEqual(new Set(['sag-idle']));
  });

  it('tries again at discovery, and then counts in batches', async () => {
    await start({ onlineInterval: 50, discoveryInterval: 300 }, () => {
      api.simulator.permissions.deny({ operation: COUNTS });
    });
    await equalsTheWorld();
    expect(await counter('sag_app_exporter_fallback')).toBe(1);
    const page = async (): Promise<string> => (await fetch(exporter.url)).text();
    expect(await page()).toContain(`Account test: ${COUNTS} is not permitted`);
    api.simulator.permissions.allow({ operation: COUNTS });
    await vi.waitFor(async () => {
      expect(await counter('sag_app_exporter_fallback')).toBe(0);
      expect(api.simulator.requests.count({ operation: COUNTS, code: 'OK' })).toBeGreaterThan(0);
    }, PATIENCE);
    await equalsTheWorld();
  });

  it('tries again even if discovery is never permitted', async () => {
    const instances = INSTANCES.map(({ id, regionId: region }) => ({ id, region }));
    const account = { regions: [], discovery: false, instances };
    await start({ onlineInterval: 50, discoveryInterval: 300, account }, () => {
      for (const operation of [COUNTS, 'DescribeSmartAccessGateways']) {
        api.simulator.permissions.deny({ operation });
      }
    });
    await vi.waitFor(async () => {
      expect(await counter('sag_app_exporter_fallback')).toBe(1);
    }, PATIENCE);
    api.simulator.permissions.allow({ operation: COUNTS });
    await vi.waitFor(async () => {
      expect(await counter('sag_app_exporter_fallback')).toBe(0);
    }, PATIENCE);
  });
});
