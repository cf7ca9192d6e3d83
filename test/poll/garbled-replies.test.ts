import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { garbledReplies, LIST_OPERATIONS } from '../support/garbled-replies.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const PATIENCE = { timeout: 25_000, interval: 10 };

const INSTANCES = [
  { id: 'sag-many', regionId: 'cn-shanghai', users: 23, usersLimit: 50, onlineRatio: 0.4 },
  { id: 'sag-one', regionId: 'ap-southeast-1', users: 1, usersLimit: 5, onlineRatio: 1 },
];

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

async function start(strategy: 'auto' | 'fan-out', regions?: readonly string[]): Promise<void> {
  api = await startSimulator({ clock: systemClock, instances: INSTANCES });
  exporter = await startExporter({
    endpoint: api.url,
    account: { ...(regions && { regions }) },
    polling: {
      strategy,
      discoveryInterval: 60,
      usersInterval: 50,
      onlineInterval: 40,
      sessionsInterval: 40,
      traffic: { enabled: true, interval: 50 },
    },
  });
  await vi.waitFor(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
    expect(await exporter.scrape()).toContain('sag_app_user_traffic_month_bytes{');
  }, PATIENCE);
}

/** The number of calls with a reply that cannot be right. */
async function malformed(operation: string): Promise<number> {
  const line = new RegExp(
    `^sag_app_exporter_api_requests_total\\{.*"${operation}",code="malformed"\\} (\\d+)`,
    'm',
  );
  return Number(line.exec(await exporter.scrape())?.[1] ?? 0);
}

describe('a single garbled reply', () => {
  it.each(LIST_OPERATIONS)(
    'of %s, in any shape, takes nothing away',
    async (operation) => {
      await start(
        operation === 'DescribeUserOnlineClients' ? 'fan-out' : 'auto',
        operation === 'DescribeRegions' ? [] : undefined,
      );
      const { simulator } = api;
      const expected = samplesOfWorld(simulator.world);
      const shapes = garbledReplies(operation);
      for (const [shape, body] of shapes) {
        simulator.faults.add({ match: { operation }, count: 1, effect: { body, httpStatus: 200 } });
        await vi.waitFor(async () => {
          expect(samplesOfScrape(await exporter.scrape()), shape).toEqual(expected);
          expect(simulator.faults.rules).toEqual([]);
        }, PATIENCE);
        // The pass with the garbled reply ends, and one more.
        const calls = simulator.requests.count({ operation });
        await vi.waitFor(async () => {
          expect(samplesOfScrape(await exporter.scrape()), shape).toEqual(expected);
          expect(simulator.requests.count({ operation })).toBeGreaterThan(calls + 2);
        }, PATIENCE);
      }
      expect(shapes.size).toBeGreaterThanOrEqual(20);
      expect(await malformed(operation)).toBeGreaterThanOrEqual(18);
      const text = await exporter.scrape();
      expect(text).toMatch(/user_traffic_month_bytes\{.*sag-one.*\} \d/);
      expect(text).not.toMatch(/sessions_(started|ended)_total\{.*\} [^0]/);
    },
    60_000,
  );
});

/** Sends a reply once, which must change nothing, and then with every call. */
async function sayOnceThenAlways(operation: string, body: string): Promise<void> {
  const { simulator } = api;
  const garble = { match: { operation }, effect: { body, httpStatus: 200 } };
  const expected = samplesOfWorld(simulator.world);
  simulator.faults.add({ ...garble, count: 1 });
  const calls = simulator.requests.count({ operation });
  await vi.waitFor(async () => {
    expect(samplesOfScrape(await exporter.scrape())).toEqual(expected);
    expect(simulator.requests.count({ operation })).toBeGreaterThan(calls + 5);
  }, PATIENCE);
  simulator.faults.add(garble);
}

describe('a list without entries', () => {
  it('of instances is believed when a second read says the same, which costs one call', async () => {
    await start('auto', ['cn-shanghai', 'ap-southeast-1']);
    const { simulator } = api;
    const operation = 'DescribeSmartAccessGateways';
    simulator.world.removeInstance('sag-one');
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).not.toContain('sag-one');
    }, PATIENCE);
    const body = JSON.stringify({ TotalCount: 0, SmartAccessGateways: { SmartAccessGateway: [] } });
    await sayOnceThenAlways(operation, body);
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).not.toContain('sag-many');
    }, PATIENCE);
  });

  it('of users is believed when a second read says the same', async () => {
    await start('auto');
    const operation = 'DescribeSmartAccessGatewayClientUsers';
    const body = JSON.stringify({ TotalCount: 0, Users: { User: [] } });
    await sayOnceThenAlways(operation, body);
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(/sag_app_users\{.*sag-many",state="enabled"\} 0\n/);
    }, PATIENCE);
  });
});

describe('a single reply in the right shape that is wrong', () => {
  const noSessions = JSON.stringify({ RequestId: 'r', Users: { User: [] } });

  /** User statistics in which all users of the instance are offline. */
  function noClients(): string {
    const users = [...api.simulator.world.users('sag-many')];
    const list = users.map(({ name }) => ({ UserName: name, OnlineCount: '0' }));
    return JSON.stringify({ RequestId: 'r', UserStatistics: { Statistics: list } });
  }

  it.each([
    { strategy: 'auto', operation: 'DescribeUserOnlineClients', body: () => noSessions },
    { strategy: 'fan-out', operation: 'DescribeUserOnlineClients', body: () => noSessions },
    { strategy: 'auto', operation: 'DescribeUserOnlineClientStatistics', body: noClients },
  ] as const)(
    'of $operation ends no session in the strategy $strategy',
    async ({ strategy, operation, body }) => {
      await start(strategy, ['cn-shanghai', 'ap-southeast-1']);
      const { simulator } = api;
      const expected = samplesOfWorld(simulator.world);
      for (let garbled = 0; garbled < 3; garbled++) {
        simulator.faults.add({
          match: { operation, instanceId: 'sag-many' },
          count: 1,
          effect: { body: body(), httpStatus: 200 },
        });
        const calls = simulator.requests.count({ operation });
        await vi.waitFor(async () => {
          expect(samplesOfScrape(await exporter.scrape())).toEqual(expected);
          expect(simulator.faults.rules).toEqual([]);
          expect(simulator.requests.count({ operation })).toBeGreaterThan(calls + 20);
        }, PATIENCE);
      }
      expect(await exporter.scrape()).not.toMatch(/sessions_(started|ended)_total\{.*\} [^0]/);
    },
    60_000,
  );

  it.each([
    [
      'names other users',
      'DescribeSmartAccessGatewayClientUsers',
      {
        TotalCount: 23,
        Users: { User: Array.from({ length: 23 }, (_, n) => ({ UserName: `stranger${n}` })) },
      },
    ],
    [
      'calls an instance a device',
      'DescribeSmartAccessGateways',
      {
        TotalCount: 1,
        SmartAccessGateways: {
          SmartAccessGateway: [
            {
              SmartAGId: 'sag-many',
              UserCount: 50,
              MaxBandwidth: '50M',
              EndTime: 4e12,
              HardwareVersion: 'sag-100wm',
            },
          ],
        },
      },
    ],
  ] as const)('or %s takes nothing away', async (_, operation, body) => {
    await start('auto', ['cn-shanghai', 'ap-southeast-1']);
    const { simulator } = api;
    const instanceId = 'sag-many';
    const expected = samplesOfScrape(await exporter.scrape());
    simulator.faults.add({
      match: { operation, ...(!operation.endsWith('Gateways') && { instanceId }) },
      count: 1,
      effect: {
        body: JSON.stringify(body),
        httpStatus: 200,
      },
    });
    const calls = simulator.requests.count({ operation });
    // Every scrape is checked, since the next reply would restore the values.
    while (simulator.requests.count({ operation }) <= calls + 5) {
      expect(samplesOfScrape(await exporter.scrape())).toEqual(expected);
    }
  });

  it('is believed when a second one says the same', async () => {
    await start('auto', ['cn-shanghai', 'ap-southeast-1']);
    api.simulator.faults.add({
      match: { operation: 'DescribeUserOnlineClientStatistics', instanceId: 'sag-many' },
      effect: { body: noClients(), httpStatus: 200 },
    });
    await vi.waitFor(async () => {
      expect(await exporter.scrape()).toMatch(/sag_app_online_users\{.*sag-many"\} 0\n/);
    }, PATIENCE);
  });
});

describe('a user whose entry cannot be used', () => {
  it('is logged once, although the list is read many times', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    const { simulator } = api;
    const operation = 'DescribeSmartAccessGatewayClientUsers';
    const users = [{ UserName: 'first' }, { UserName: '' }, { UserName: 'first' }];
    simulator.faults.add({
      match: { operation, instanceId: 'sag-many' },
      effect: { body: JSON.stringify({ TotalCount: 3, Users: { User: users } }), httpStatus: 200 },
    });
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = createLog({ level: 'info', format: 'json', destination });
    exporter = await startExporter({ endpoint: api.url, log, polling: { usersInterval: 20 } });
    await vi.waitFor(() => {
      expect(simulator.requests.count({ operation })).toBeGreaterThan(40);
    }, PATIENCE);
    expect(lines.filter((line) => line.includes('does not add up'))).toHaveLength(1);
    expect(await exporter.scrape()).toMatch(/sag_app_users\{.*sag-many",state="enabled"\} 1\n/);
  });
});
