import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { FaultEffect } from '../../src/simulator/index.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

/** One call in ten fails in one of these ways. */
const MIXED: readonly FaultEffect[] = [
  { error: { code: 'InternalError' } },
  { error: { code: 'ServiceUnavailable' } },
  { error: { code: 'Throttling.User' } },
  { reset: true },
  { cut: true },
  { hang: true },
  { truncate: true },
  { html: 502 },
  { empty: 503 },
  { empty: 200 },
  { status500WithoutCode: true },
];
const SHARE = 0.1;

/** Long enough for every expected event, so that tests fail by their assertions and not by a timeout. */
const PATIENCE = { timeout: 25_000, interval: 20 };

const INSTANCES = [
  { id: 'sag-large', regionId: 'cn-shanghai', users: 60, usersLimit: 65, onlineRatio: 0.3 },
  { id: 'sag-small', regionId: 'cn-shanghai', users: 7, usersLimit: 10, onlineRatio: 0.5 },
  { id: 'sag-empty', regionId: 'ap-southeast-1', users: 0, usersLimit: 5 },
  { id: 'sag-far', regionId: 'ap-southeast-1', users: 30, usersLimit: 30, onlineRatio: 0.1 },
];

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

async function start(strategy: 'fan-out' | 'auto' = 'auto'): Promise<void> {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES });
  exporter = await startExporter({
    endpoint: api.url,
    polling: {
      strategy,
      discoveryInterval: 200,
      usersInterval: 100,
      onlineInterval: 100,
      sessionsInterval: 100,
      timeout: 150,
      pageSize: 20,
    },
  });
}

/** Resolves when a scrape equals the simulated world. */
async function untilEverythingEquals(): Promise<void> {
  await vi.waitFor(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
  }, PATIENCE);
}

/** The number of calls of the online and sessions stages, including retries. */
function callsMade(): number {
  const { requests } = api.simulator;
  return [
    'DescribeUserOnlineClients',
    'DescribeUserOnlineClientStatistics',
    'DescribeSagOnlineClientStatistics',
  ]
    .map((operation) => requests.count({ operation }))
    .reduce((sum, calls) => sum + calls);
}

describe.each(['fan-out', 'auto'] as const)(
  'with one call in ten failing in mixed ways (%s)',
  (strategy) => {
    it('while nothing changes, no scrape shows a wrong, missing, duplicate or partly summed value', async () => {
      await start(strategy);
      await untilEverythingEquals();
      const expected = samplesOfWorld(api.simulator.world);
      for (const effect of MIXED) {
        api.simulator.faults.add({ probability: SHARE / MIXED.length, effect });
      }
      const before = callsMade();
      while (callsMade() < before + 1000) {
        expect(samplesOfScrape(await exporter.scrape())).toEqual(expected);
      }
      const disturbed = Object.keys(api.simulator.requests.byCode()).filter(
        (code) => code !== 'OK',
      );
      expect(disturbed.length).toBeGreaterThanOrEqual(5);
    });

    it('all values are right again within two intervals after the faults end', async () => {
      await start(strategy);
      await untilEverythingEquals();
      for (const effect of MIXED) {
        api.simulator.faults.add({ probability: (5 * SHARE) / MIXED.length, effect });
      }
      const { world } = api.simulator;
      const [someone] = world.users('sag-large');
      world.addUser('sag-small', { name: 'new.colleague' });
      world.removeUser('sag-large', someone?.name ?? '');
      world.connect('sag-far', world.users('sag-far').find((user) => user.state === 0)?.name ?? '');
      const callsBefore = callsMade();
      await vi.waitFor(() => expect(callsMade()).toBeGreaterThan(callsBefore + 150), PATIENCE);
      api.simulator.faults.clear();
      // The passes that began during the faults have ended, and one more pass of each stage.
      const calls = callsMade();
      const users = world.instances().reduce((sum, { id }) => sum + world.users(id).length, 0);
      const needed = strategy === 'fan-out' ? 3 * users : 3 * 2 * INSTANCES.length;
      await vi.waitFor(() => expect(callsMade()).toBeGreaterThan(calls + needed), PATIENCE);
      expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(world));
    });
  },
);

describe('when an instance cannot be read', () => {
  it('the others are polled and stay up', async () => {
    await start();
    await untilEverythingEquals();
    api.simulator.faults.add({ match: { instanceId: 'sag-large' }, effect: { hang: true } });
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(/instance_up\{.*sag-large"} 0\n/);
    }, PATIENCE);
    api.simulator.world.addUser('sag-small', { name: 'new.colleague' });
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(/user_info\{.*new\.colleague/);
    }, PATIENCE);
    const text = await exporter.scrape();
    for (const id of ['sag-small', 'sag-empty', 'sag-far']) {
      expect(text).toMatch(new RegExp(`instance_up\\{.*${id}"} 1\\n`));
    }
  });

  it('it keeps its last good values and is shown as not up, with the reason', async () => {
    await start();
    await untilEverythingEquals();
    const expected = samplesOfWorld(api.simulator.world);
    api.simulator.permissions.deny({
      operation: 'DescribeSmartAccessGatewayClientUsers',
      instanceId: 'sag-small',
    });
    await vi.waitFor(async () => {
      const text = await exporter.scrape();
      expect(text).toMatch(/instance_up\{.*sag-small"} 0\n/);
      expect(text).toMatch(/stage_failures_total\{.*sag-small",stage="users",reason="forbidden"} /);
      expect(samplesOfScrape(text)).toEqual(expected);
    }, PATIENCE);
  });
});

describe('a deleted user or instance', () => {
  it('disappears with the next pass', async () => {
    await start();
    await untilEverythingEquals();
    const [someone] = api.simulator.world.users('sag-small');
    api.simulator.world.removeUser('sag-small', someone?.name ?? '');
    api.simulator.world.removeInstance('sag-far');
    await untilEverythingEquals();
    expect(await exporter.scrape()).not.toContain('sag-far');
  });

  it('stays while discovery fails', async () => {
    await start();
    await untilEverythingEquals();
    const expected = samplesOfWorld(api.simulator.world);
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGateways' });
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(/discovery_failures_total\{.*reason="forbidden"} /);
    }, PATIENCE);
    expect(samplesOfScrape(await exporter.scrape())).toEqual(expected);
  });
});

describe('credentials the API refuses', () => {
  it('pause the account with one logged error; polling resumes by itself when they are accepted', async () => {
    await start();
    await untilEverythingEquals();
    const key = { accessKeyId: 'testid', accessKeySecret: 'testsecret' };
    api.simulator.keys.remove('testid');
    await vi.waitFor(async () => {
      const text = await exporter.scrape();
      expect(text).toMatch(/account_up\{account="test"} 0\n/);
      expect(text).not.toMatch(/instance_up\{.*} 1\n/);
    }, PATIENCE);
    api.simulator.keys.add(key);
    api.simulator.world.addUser('sag-small', { name: 'new.colleague' });
    await untilEverythingEquals();
    expect(await exporter.scrape()).toMatch(/account_up\{account="test"} 1\n/);
  }, 40_000);
});
