import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { hashedUserNames } from '../../../src/metrics/user-names.ts';
import { instanceShape, statusShape } from '../../../src/web/status/schema.ts';
import { FleetBench, failure, hoursBefore, START, user } from '../../support/fleet-bench.ts';
import { DEFAULT_METRICS } from '../../support/settings.ts';
import { statusSources } from '../../support/status-sources.ts';
import { serveApp } from '../serve-app.ts';

/** A fleet in which every field of the JSON has a value. */
async function everything() {
  const bench = new FleetBench();
  const details = {
    name: 'office',
    status: 'Active',
    usersLimit: 10,
    bandwidthLimit: 1e6,
    expiresAt: START + 1e6,
  };
  const record = bench.instance('sag-a', { details });
  bench.users(record, [
    user('li.wei', {
      mail: 'li@example.com',
      bandwidth: 1,
      acceleratedBandwidth: 2,
      staticIp: true,
      clientIp: '10.0.0.1',
    }),
  ]);
  bench.online(record, { 'li.wei': 1 });
  bench.sessions(record, { 'li.wei': [{ clientIp: '10.0.0.2', start: hoursBefore(1) }] });
  bench.discover();
  await bench.clock.advance(5.4 * SECOND);
  bench.fail(record, 'online', 'forbidden');
  return { bench, record };
}

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe('the JSON', () => {
  it('has the documented shape when everything is known', async () => {
    const { bench } = await everything();
    const account = bench.fleet.account('prod');
    account.paused = failure('unauthenticated', { code: 'SignatureDoesNotMatch' });
    account.fallbacks = [
      {
        operation: 'DescribeUserOnlineClientStatistics',
        reason: 'forbidden',
        regionId: 'cn-shanghai',
        instanceId: 'sag-1',
      },
    ];
    const url = await serveApp({
      status: statusSources({
        fleet: bench.fleet,
        clock: bench.clock,
        series: () => ({ exposed: 1, dropped: 2 }),
        lastScrape: () => START,
        configuration: () => ({ loadedAt: START, refused: { at: START, problems: ['p'] } }),
        calls: {
          operationsOf: () => [
            { operation: 'DescribeRegions', allowed: 5, calls: 6, throttled: 7 },
          ],
          failed: () => [{ account: 'prod', count: 1, lastAt: START, error: failure('network') }],
        },
      }),
      reasonsNotReady: () => [{ kind: 'starting' }],
    });
    const status = statusShape.parse(await json(`${url}/api/v1/status`));
    expect(status).toMatchObject({
      version: 1,
      time: '2026-01-01T00:00:05Z',
      exporter: { ready: false, seriesDropped: 2, configurationProblems: ['p'] },
      fleet: { instances: 1, instancesUp: 0, users: 1, usersLimit: 10, onlineUsers: 1 },
      instances: {
        total: 1,
        matching: 1,
        page: 1,
        pages: 1,
        perPage: 1000,
        items: [
          {
            instanceId: 'sag-a',
            name: 'office',
            up: false,
            condition: 'down',
            users: 1,
            usersLimitUsedRatio: 0.1,
            usersLimitLevel: 'ok',
            oldestSessionSeconds: 3605,
            stages: {
              users: { ageSeconds: 5, lastPass: 'succeeded', stale: false },
              online: { lastPass: 'failed', failures: 1, error: { kind: 'forbidden' } },
            },
          },
        ],
      },
      accounts: [
        {
          name: 'prod',
          paused: { code: 'SignatureDoesNotMatch' },
          fallbacks: ['DescribeUserOnlineClientStatistics'],
          fallbackPlaces: [
            {
              operation: 'DescribeUserOnlineClientStatistics',
              reason: 'forbidden',
              regionId: 'cn-shanghai',
              instanceId: 'sag-1',
              severity: 'warning',
              text: expect.stringContaining('is not permitted: users are asked one by one'),
            },
          ],
          operations: [{ allowedPerSecond: 5, configuredPerSecond: 10, calls: 6, throttled: 7 }],
          regions: [{ regionId: 'cn-shanghai', discovery: { lastPass: 'succeeded' } }],
        },
      ],
      failedCalls: [{ count: 1, error: { kind: 'network' } }],
    });
  });

  it('has an instance with its users', async () => {
    const { bench } = await everything();
    const url = await serveApp({
      status: statusSources({
        fleet: bench.fleet,
        clock: bench.clock,
        view: { settings: { ...DEFAULT_METRICS, userMail: true } },
      }),
    });
    const page = instanceShape.parse(
      await json(`${url}/api/v1/instances/prod/cn-shanghai/sag-a?sort=name&q=LI`),
    );
    expect(page.users?.items).toEqual([
      {
        userName: 'li.wei',
        userMail: 'li@example.com',
        enabled: true,
        staticIp: true,
        fixedAddress: '10.0.0.1',
        bandwidthBytesPerSecond: 1,
        acceleratedBandwidthBytesPerSecond: 2,
        onlineClients: 1,
        onlineSince: '2025-12-31T23:00:00Z',
        onlineSeconds: 3605,
        lastOnline: '2026-01-01T00:00:00Z',
        watchedSince: '2026-01-01T00:00:00Z',
        unusedSeconds: 0,
        sessions: [{ clientAddress: '10.0.0.2', start: '2025-12-31T23:00:00Z' }],
      },
    ]);
  });

  it('has the documented shape for an instance never read, and for no instance', async () => {
    const bench = new FleetBench();
    const url = await serveApp({
      status: statusSources({ fleet: bench.fleet, clock: bench.clock }),
    });
    expect(statusShape.parse(await json(`${url}/api/v1/status`)).instances.items).toEqual([]);
    bench.instance('sag-a');
    const [item] = statusShape.parse(await json(`${url}/api/v1/status`)).instances.items;
    expect(item).toMatchObject({ up: false, condition: 'starting' });
    expect(item).not.toHaveProperty('users');
    const path = '/api/v1/instances/prod/cn-shanghai/sag-a';
    expect(instanceShape.parse(await json(url + path))).not.toHaveProperty('users');
  });
});

describe('the privacy settings', () => {
  const SECRETS = ['li.wei', 'li@example.com'];
  const hashed = hashedUserNames(Buffer.from('a key'), () => 1);

  it.each([
    ['users', 'plain', false, ['li.wei', '10.0.0.1', '10.0.0.2'], ['li@example.com']],
    ['users', 'plain', true, [...SECRETS, '10.0.0.1', '10.0.0.2'], []],
    ['users', 'hash', false, [hashed('li.wei')], [...SECRETS, '10.0.0.1', '10.0.0.2']],
    ['sessions', 'hash', false, [hashed('li.wei'), '10.0.0.1', '10.0.0.2'], SECRETS],
    ['instances', 'plain', false, [], [...SECRETS, '10.0.0.1', '10.0.0.2']],
    ['instances', 'omit', false, [], [...SECRETS, '10.0.0.1', '10.0.0.2']],
  ] as const)(
    'with detail: %s, user_name: %s, user_mail: %s',
    async (detail, userName, userMail, shown, hidden) => {
      const { bench } = await everything();
      const url = await serveApp({
        status: statusSources({
          fleet: bench.fleet,
          clock: bench.clock,
          view: {
            settings: { ...DEFAULT_METRICS, detail, userMail },
            userName,
            ...(userName === 'hash' && { userNames: hashed }),
          },
        }),
      });
      const path = '/instances/prod/cn-shanghai/sag-a';
      const csv = `${url}/api/v1${path}/users.csv`;
      for (const at of [url + path, `${url}/api/v1${path}`, csv]) {
        const text = await (await fetch(at)).text();
        expect(shown.filter((one) => !text.includes(one))).toEqual([]);
        expect(hidden.filter((one) => text.includes(one))).toEqual([]);
      }
      // A hidden value cannot be found by searching for it.
      for (const one of hidden) {
        const query = `?q=${encodeURIComponent(one)}`;
        const found = await json(`${url}/api/v1${path}${query}`);
        expect(instanceShape.parse(found).users?.matching ?? 0).toBe(0);
        // The header is the only line.
        const lines = (await (await fetch(csv + query)).text()).trim().split('\r\n');
        expect(lines).toHaveLength(1);
      }
      for (const one of shown) {
        const found = await json(`${url}/api/v1${path}?q=${encodeURIComponent(one)}`);
        expect(instanceShape.parse(found).users?.matching).toBe(1);
      }
    },
  );

  it('hide the order too: users are sorted by their hashed names', async () => {
    const bench = new FleetBench();
    const names = Array.from({ length: 50 }, (_, index) => `user${index + 10}`);
    bench.users(
      bench.instance('sag-a'),
      // The addresses are in the reverse order of the names.
      names.map((name, index) => user(name, { clientIp: `10.0.0.${names.length - index}` })),
    );
    const url = await serveApp({
      status: statusSources({
        fleet: bench.fleet,
        clock: bench.clock,
        view: { userName: 'hash', userNames: hashed },
      }),
    });
    for (const query of ['', '?sort=name', '?sort=bandwidth', '?sort=address']) {
      const page = instanceShape.parse(
        await json(`${url}/api/v1/instances/prod/cn-shanghai/sag-a${query}`),
      );
      const shown = page.users?.items.map(({ userName }) => userName);
      expect(shown).toEqual(names.map(hashed).toSorted());
    }
  });
});
