import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOUR, systemClock } from '../../src/clock.ts';
import type { Quirks } from '../../src/simulator/index.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';

const INSTANCES = [
  { id: 'sag-many', regionId: 'cn-shanghai', users: 43, usersLimit: 50, onlineRatio: 0.4 },
  { id: 'sag-one', regionId: 'cn-shanghai', users: 1, usersLimit: 5, onlineRatio: 1 },
  { id: 'sag-none', regionId: 'ap-southeast-1', users: 0, usersLimit: 5 },
];

/** Facts that the API's documents leave open, each simulated in another way than by default. */
const VARIANTS: readonly (readonly [string, Partial<Quirks>])[] = [
  ['as documented', {}],
  ['TotalCount is each page’s own', { totalCount: 'page' }],
  ['pages are clamped, and say so', { maxPageSize: 7 }],
  ['pages are clamped silently', { maxPageSize: 7, echoedPageSize: 'requested' }],
  [
    'pages are clamped silently and TotalCount is each page’s own',
    { maxPageSize: 7, echoedPageSize: 'requested', totalCount: 'page' },
  ],
  ['a single item stands without its list', { lists: 'single-as-object' }],
  ['lists are bare', { lists: 'bare' }],
  ['empty lists are empty strings', { lists: 'empty-as-string' }],
  ['empty lists are missing', { lists: 'empty-missing' }],
  ['numbers are strings', { numbersAsStrings: true }],
  ['times are in milliseconds', { onlineTime: 'milliseconds' }],
  ['users who do not exist are invalid names', { unknownUser: 'name-invalid' }],
  ['counts are numbers', { countsAsNumbers: true }],
  ['the lists of statistics are written small', { statisticsKey: 'statistics' }],
  ['statistics leave out who is offline', { statisticsOmit: 'offline' }],
  ['who has no address has an empty one', { noAddress: 'empty' }],
  ['IsStaticIp is true or false', { staticIp: 'boolean' }],
  ['the bandwidth has a space before its unit', { maxBandwidth: ' M' }],
  ['the bandwidth has no unit', { maxBandwidth: '' }],
  ['pages are of 50 and their number is PageNo', { defaultPageSize: 50, pageField: 'PageNo' }],
  ['XML is the default', { defaultFormat: 'XML' }],
  ['totals of no instances are none', { totalsWithoutIds: 'none' }],
];

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

/** Resolves when a scrape equals the simulated world. */
async function equalsTheWorld(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(samplesOfScrape(await exporter.scrape())).toEqual(samplesOfWorld(api.simulator.world));
    },
    { timeout: 20_000, interval: 20 },
  );
}

async function becomesReady(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await fetch(`${exporter.url}/-/ready`)).status).toBe(200);
    },
    { timeout: 20_000, interval: 20 },
  );
}

describe.each(['fan-out', 'auto'] as const)(
  'whichever way the API answers, the first picture is the world (%s)',
  (strategy) => {
    it.each(VARIANTS)('%s', async (_, quirks) => {
      api = await startSimulator({ clock: systemClock, instances: INSTANCES, quirks });
      exporter = await startExporter({ endpoint: api.url, polling: { strategy } });
      await equalsTheWorld();
      const text = await exporter.scrape();
      expect(text).not.toMatch(/disagreements_total\{.*} [^0]/);
    });

    it('accepts integers of more than 15 digits', async () => {
      api = await startSimulator({
        clock: systemClock,
        instances: INSTANCES,
        quirks: { bigIntegers: true },
      });
      exporter = await startExporter({ endpoint: api.url, polling: { strategy } });
      await becomesReady();
      const text = await exporter.scrape();
      expect(text).toMatch(/sag_app_users\{.*sag-many",state="enabled"} 4\d\n/);
      expect(text).toMatch(
        /accelerated_bandwidth_limit_bytes_per_second\{.*} 1\.152921504606847e\+21\n/,
      );
      expect(text).not.toMatch(/instance_up\{.*} 0\n/);
    });
  },
);

describe('instances that the configuration names', () => {
  const account = {
    discovery: false,
    regions: [],
    instances: [{ id: 'sag-many', region: 'cn-shanghai', usersLimit: 77 }],
  };

  it('are polled without the permission to discover, and are up', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGateways' });
    exporter = await startExporter({ endpoint: api.url, account });
    await becomesReady();
    const text = await exporter.scrape();
    expect(text).toMatch(/sag_app_instance_up\{.*sag-many"} 1\n/);
    expect(text).toMatch(/sag_app_users_limit\{.*sag-many"} 77\n/);
    expect(text).toMatch(/sag_app_instance_info\{.*sag-many",name="",status=""} 1\n/);
    expect(text).not.toContain('sag-one');
  });

  it('are looked up by their ids where that is permitted; the configured limit wins', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    exporter = await startExporter({ endpoint: api.url, account });
    await becomesReady();
    const text = await exporter.scrape();
    expect(text).toMatch(/sag_app_instance_info\{.*sag-many",name="[^"]+",status="Active"} 1\n/);
    expect(text).toMatch(/sag_app_users_limit\{.*sag-many"} 77\n/);
    expect(text).not.toContain('sag-one');
  });

  it('that do not exist are shown as not up, with the reason', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    exporter = await startExporter({
      endpoint: api.url,
      account: { ...account, instances: [{ id: 'sag-gone', region: 'cn-shanghai' }] },
    });
    await becomesReady();
    const text = await exporter.scrape();
    expect(text).toMatch(/sag_app_instance_up\{.*sag-gone"} 0\n/);
    expect(text).toMatch(/stage_failures_total\{.*sag-gone",stage="users",reason="not-found"} 1\n/);
    expect(text).not.toMatch(/sag_app_users\{.*sag-gone/);
  });
});

describe('discovery', () => {
  it('finds the regions by itself when none are configured', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    exporter = await startExporter({ endpoint: api.url, account: { regions: [] } });
    await equalsTheWorld();
  });

  it('keeps instances that include matches and exclude does not, by id or name', async () => {
    api = await startSimulator({
      clock: systemClock,
      instances: [
        { id: 'sag-a', regionId: 'cn-shanghai', name: 'office/east' },
        { id: 'sag-b', regionId: 'cn-shanghai', name: 'office/west' },
        { id: 'sag-c', regionId: 'cn-shanghai', name: 'laboratory' },
      ],
    });
    exporter = await startExporter({
      endpoint: api.url,
      account: { include: ['office*', 'sag-c'], exclude: ['*west'] },
    });
    await becomesReady();
    const watched = Array.from(exporter.fleet.instances, ({ id }) => id.instanceId);
    expect(watched).toEqual(['sag-a', 'sag-c']);
  });
});

describe('a quiet fleet', () => {
  it('needs no calls beyond those for its lists and users', async () => {
    api = await startSimulator({ clock: systemClock, instances: INSTANCES });
    exporter = await startExporter({
      endpoint: api.url,
      polling: {
        strategy: 'fan-out',
        discoveryInterval: HOUR,
        usersInterval: HOUR,
        onlineInterval: HOUR,
      },
    });
    await becomesReady();
    expect(api.simulator.requests.byOperation()).toEqual({
      DescribeSmartAccessGateways: 2,
      // One page for each list, and at most one more to be sure that a short page is the last.
      DescribeSmartAccessGatewayClientUsers: expect.toSatisfy((calls: number) => calls <= 6),
      DescribeUserOnlineClients: 44,
    });
  });
});
