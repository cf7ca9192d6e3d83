import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { FLEET_METRICS, OWN_METRICS } from '../../../src/metrics/catalog/index.ts';
import { createWorld, DEFAULT_KEY, demoWorld } from '../../../src/simulator/index.ts';
import { englishPathOf } from '../../support/chinese-pages.ts';
import {
  dashboardsInFolder,
  filledIn,
  panelsOf,
  promqlOf,
  queryVariablesOf,
  type Target,
  targetsOf,
} from '../../support/dashboards.ts';
import { hurriedRules } from '../../support/delivered-rules.ts';
import { pages, promqlBlocks } from '../../support/markdown.ts';
import { recordingRules } from '../../support/rule-files.ts';
import { type Program, startCommand, urlOf } from '../../support/start-program.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

/** Longer than a minute, because subqueries evaluate only at full minutes. */
const PATIENCE = { timeout: 75_000, interval: 500 };
const HOUR = 3600;
const DAY = 24 * HOUR;
const MINUTE = 60;

/** An instance with growth, users with several clients, long sessions and failures. */
const FULL = { account: 'main', region: 'cn-shanghai', instance: 'sag-7f3k2m9q4w1x8z5a' };
const NAME = 'shanghai-headquarters';
/** A user of that instance who was not online in the history of Prometheus. */
const IDLE = 'long.absent';
/** A user of that instance whose sessions last for seconds. */
const RESTLESS = 'comes.and.goes';
/** An instance that an account with few permissions polls too. */
const SALES = 'sag-2c8v5b7n1j6h4g0d';

let folder: string;
let api: StartedSimulator;
let exporter: Program;
let prometheus: StartedPrometheus;
let target: string;
let coming: NodeJS.Timeout;

/**
 * A fleet in which every expression has a result. One account polls everything, with some throttled calls
 * and failed passes; one may neither discover nor count in batches; the credentials of one are refused.
 * Prometheus has a week of history of one instance, which grew, and none of the others.
 */
beforeAll(async () => {
  const { instances } = demoWorld({ seed: 1, clock: systemClock });
  const world = createWorld({ seed: 1, clock: systemClock, instances, activity: 'living' });
  const keys = ['narrow', 'refused'].map((accessKeyId) => ({
    accessKeyId,
    accessKeySecret: 'testsecret',
  }));
  api = await startSimulator({ clock: systemClock, world, keys: [DEFAULT_KEY, ...keys] });
  const { simulator } = api;
  simulator.keys.revoke('refused');
  for (const operation of ['DescribeSmartAccessGateways', 'DescribeUserOnlineClientStatistics'])
    simulator.permissions.deny({ operation, accessKeyId: 'narrow' });
  simulator.faults.add({
    match: { operation: 'DescribeSmartAccessGatewayClientUsers', instanceId: FULL.instance },
    probability: 0.8,
    effect: { error: { code: 'ServiceUnavailable' } },
  });
  simulator.faults.add({
    match: { operation: 'DescribeSmartAccessGateways', accessKeyId: DEFAULT_KEY.accessKeyId },
    probability: 0.7,
    effect: { error: { code: 'ServiceUnavailable' } },
  });
  simulator.faults.add({
    match: { operation: 'DescribeUserOnlineClientStatistics' },
    probability: 0.2,
    effect: { error: { code: 'Throttling.User' } },
  });
  world.addUser(FULL.instance, {
    name: 'night.watch',
    acceleratedBandwidth: 1000,
    sessions: [15, 13].map((hours, index) => ({
      clientIp: `10.255.0.${index + 1}`,
      onlineTime: Math.floor(systemClock.now() / 1000) - hours * HOUR,
    })),
  });
  world.addUser(FULL.instance, { name: IDLE, state: 1 });
  world.addUser(FULL.instance, { name: RESTLESS });
  let isOnline = false;
  coming = setInterval(() => {
    if (isOnline) world.kick(FULL.instance, RESTLESS);
    else world.connect(FULL.instance, RESTLESS);
    isOnline = !isOnline;
  }, 4000);

  folder = await mkdtemp(join(tmpdir(), 'expressions-'));
  const file = join(folder, 'config.yml');
  const account = (name: string, key: string): string => `
  - name: ${name}
    endpoint: ${api.url}
    credentials: { access_key_id: ${key}, access_key_secret: testsecret }`;
  await writeFile(
    file,
    `
accounts:${account('main', 'testid')}
    regions: [cn-shanghai, ap-southeast-1]${account('narrow', 'narrow')}
    instances: [{ id: ${SALES}, region: cn-shanghai }]${account('refused', 'refused')}
    regions: [cn-shanghai]
polling:
  requests_per_second: 200
  adaptive: false
  discovery_interval: 1s
  users_interval: 1s
  online_interval: 1s
  traffic: { enabled: true, interval: 5s }
metrics: { detail: sessions, unused_after: [1s, 30d, 90d] }
`,
  );
  exporter = startCommand([
    `--config.file=${file}`,
    '--web.listen-address=127.0.0.1:0',
    `--storage.path=${join(folder, 'storage')}`,
    '--log.format=json',
  ]);
  await vi.waitFor(() => urlOf(exporter), PATIENCE);
  target = new URL(urlOf(exporter)).host;
  prometheus = await startPrometheus(target, {
    ruleFiles: await hurriedRules(folder),
    // A busy machine may take seconds to write and read all samples.
    scrape: { scrape_interval: '5s', scrape_timeout: '5s' },
    history: growth(world.users(FULL.instance).length, systemClock.now() / 1000),
  });
});

afterAll(async () => {
  clearInterval(coming);
  await prometheus?.stop();
  await exporter?.end();
  await api?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** A week of history in which ten users a day were added, up to `count` at the time `now`. */
function growth(count: number, now: number): string {
  const labels = `account="${FULL.account}",region_id="${FULL.region}",instance_id="${FULL.instance}"`;
  const family = (name: string, series: string, valueAt: (before: number) => number): string => {
    const lines = [`# TYPE ${name} gauge`];
    for (let before = 7 * DAY + HOUR; before >= 2 * MINUTE; before -= 4 * MINUTE)
      lines.push(`${series} ${valueAt(before)} ${Math.floor(now - before)}`);
    return lines.join('\n');
  };
  const users = (before: number): number => Math.round(count - (10 * before) / DAY);
  const scraped = `job="sag-app",instance="${target}"`;
  return [
    family('sag_app_users', `sag_app_users{${labels},state="enabled",${scraped}}`, users),
    family('sag_app:users:sum', `sag_app:users:sum{${labels}}`, users),
    family(
      'sag_app_user_online_clients',
      `sag_app_user_online_clients{${labels},user_name="${IDLE}",${scraped}}`,
      () => 0,
    ),
    '# EOF\n',
  ].join('\n');
}

/** Waits until an expression has at least one numeric result. */
async function expectData(expression: string): Promise<void> {
  await vi.waitFor(async () => {
    const values = (await prometheus.query(expression)).map(({ value }) => value);
    expect(values.filter((value) => !Number.isNaN(value)).length, expression).toBeGreaterThan(0);
  }, PATIENCE);
}

/** The window of rates; Grafana makes it at least four times the scrape interval. */
const RATE = { __rate_interval: '20s' };
const CHOICES = { ...RATE, unused_for: '1s' };
const EVERYTHING = { ...CHOICES, account: '.*', region: '.*', instance: '.*', user: '.*' };

describe.each(dashboardsInFolder().map(({ file, dashboard }) => [file, dashboard] as const))(
  '%s',
  (_, dashboard) => {
    const panels = panelsOf(dashboard).flatMap((panel) =>
      targetsOf(panel).map(
        (query) =>
          [`${panel.title} ${query.refId}`, query.expr, labelsShown(panel, query)] as const,
      ),
    );

    it.each(panels)('has data for everything: %s', async (_title, expr, labels) => {
      const filled = filledIn(expr, { ...EVERYTHING, exporter: target });
      await expectData(filled);
      for (const { metric } of await prometheus.query(filled))
        for (const label of labels) expect(metric).toHaveProperty(label);
    });

    it.each(panels)('has data for one instance: %s', async (_title, expr) => {
      const choices = { ...CHOICES, ...FULL, user: 'night.watch|.*a.*', exporter: target };
      await expectData(filledIn(expr, choices));
    });

    it.each(queryVariablesOf(dashboard).map((variable) => [variable.name, variable] as const))(
      'lets choose: %s',
      async (name, variable) => {
        const { expr, label } = promqlOf(variable);
        const wanted = {
          account: 'main',
          region: 'ap-southeast-1',
          instance: { value: FULL.instance, text: NAME },
          user: 'night.watch',
          unused_for: '1s',
          exporter: target,
        };
        await vi.waitFor(async () => {
          const series = await prometheus.query(filledIn(expr, EVERYTHING));
          const offered = label
            ? series.map(({ metric }) => metric[label])
            : series.flatMap(({ metric }) => choicesOf(metric, variable.regex));
          expect(offered).toContainEqual(wanted[name as keyof typeof wanted]);
        }, PATIENCE);
      },
    );
  },
);

/** The labels by which a panel names the series of a query: those of its legend, or a table's columns. */
function labelsShown(panel: Panel, { legendFormat = '' }: Target): readonly string[] {
  const organized = (panel.transformations ?? []).find(({ id }) => id === 'organize')?.options as
    | { readonly indexByName: Readonly<Record<string, number>> }
    | undefined;
  const columns = Object.keys(organized?.indexByName ?? {});
  return [
    ...Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, label = '']) => label),
    ...columns.filter((column) => !column.startsWith('Value #')),
  ];
}

/** The query of a panel of the fleet's dashboard. */
function targetOf(title: string): Target {
  const fleet = dashboardsInFolder().find(({ dashboard }) => dashboard.uid === 'sag-app-fleet');
  const panel = fleet && panelsOf(fleet.dashboard).find((candidate) => candidate.title === title);
  const target = panel && targetsOf(panel)[0];
  if (!target) throw new Error(`The fleet's dashboard has no panel ${title}`);
  return target;
}

/**
 * The choice that Grafana makes of one result of query_result: it writes the series as text and takes the
 * groups `value` and `text` from the match of the variable's regular expression.
 */
function choicesOf(metric: Readonly<Record<string, string>>, regex: string) {
  const labels = Object.entries(metric).map(([label, value]) => `${label}="${value}"`);
  const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/s.exec(regex) ?? [];
  const found = [...`{${labels.join(',')}} 1 0`.matchAll(new RegExp(source, flags))];
  const group = (name: string) => found.find(({ groups }) => groups?.[name])?.groups?.[name];
  return [{ value: group('value'), text: group('text') ?? group('value') }];
}

describe('the forecast', () => {
  it('is the time until the remaining places are used up at the growth of the last days', async () => {
    const { expr } = targetOf('First to reach its limit');
    const { world } = api.simulator;
    const left = 200 - world.users(FULL.instance).length;
    await vi.waitFor(async () => {
      const [first] = await prometheus.query(filledIn(expr, EVERYTHING));
      expect(first?.metric).toMatchObject({ name: NAME });
      expect((first?.value ?? 0) / (24 * HOUR)).toBeCloseTo(left / 10, 1);
    }, PATIENCE);
  });
});

describe('the table of unused users', () => {
  it('has as many rows as the exporter counts', async () => {
    const instance = dashboardsInFolder().find(({ file }) => file === 'sag-app-instance.json');
    const table = (instance ? panelsOf(instance.dashboard) : []).find(
      ({ title, type }) => title === 'Unused users' && type === 'table',
    );
    const days = (table ? targetsOf(table) : []).find(({ expr }) => !expr.includes('1000 *'));
    const rows = filledIn(days?.expr ?? '', { ...EVERYTHING, ...FULL });
    const counted = `sag_app_users_unused{account="${FULL.account}",instance_id="${FULL.instance}",unused_for="1s"}`;
    await vi.waitFor(async () => {
      // Both in one query, since users come and go.
      const [difference] = await prometheus.query(`count(${rows}) - scalar(${counted})`);
      expect(difference?.value).toBe(0);
    }, PATIENCE);
    expect((await prometheus.query(counted))[0]?.value).toBeGreaterThan(50);
  });
});

describe('an instance whose name is unknown', () => {
  it('is shown by its id', async () => {
    const { expr } = targetOf('Most users online');
    const choices = { ...EVERYTHING, account: 'narrow' };
    await vi.waitFor(async () => {
      expect(await prometheus.query(filledIn(expr, choices))).toMatchObject([
        { metric: { account: 'narrow', instance_id: SALES, name: SALES } },
      ]);
    }, PATIENCE);
  });
});

describe('the rules', () => {
  it.each(recordingRules().map(({ record, labels = {} }) => [record, labels] as const))(
    'record %s %o',
    async (record, labels) => {
      const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      await expectData(`${record}{${matchers.join(',')}}`);
    },
  );

  it('are evaluated without an error, and fire for the faults of this fleet', async () => {
    const answer = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await answer.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(40);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    for (const alert of [
      'SagAppUsersNearLimit',
      'SagAppUsersLimitPredicted',
      'SagAppAuthenticationFailing',
      'SagAppPermissionLost',
      'SagAppThrottled',
    ])
      await expectData(`ALERTS{alertname="${alert}",alertstate="firing"}`);
  });
});

/** Asks for users who are unused for a second instead of months, since nothing here has been watched for longer. */
function hurried(query: string): string {
  return query
    .replaceAll(/unused_for="\d+d"/g, 'unused_for="1s"')
    .replaceAll(/(?<=\/ 86400 > )\d+/g, '0');
}

describe('the examples of the metrics', () => {
  const examples = [...FLEET_METRICS, ...OWN_METRICS].map(
    ({ name, example }) => [name, example] as const,
  );

  it.each(examples)('%s: %s', async (_, example) => {
    await expectData(hurried(example));
  });
});

describe('the pages', () => {
  // The queries of Chinese pages are those of their English pages: test/docs checks it.
  const queries = pages()
    .filter(({ path }) => englishPathOf(path) === undefined)
    .flatMap(({ path, text }) => promqlBlocks(text).map((query) => [path, query] as const));

  it.each(queries)('%s: %s', async (_, query) => {
    await expectData(hurried(query));
  });

  const cookbook = pages().find(({ path }) => path === 'docs/promql.md')?.text ?? '';
  const needHistory = [
    ...cookbook.matchAll(/\(needs a history of [^)]*\):\n\n(```promql\n[\s\S]*?```)/g),
  ];
  const guarded = needHistory.flatMap(([, block = '']) => promqlBlocks(`${block}\n`));

  it('name the queries that need a history', () => {
    expect(guarded).toHaveLength(4);
  });

  it.each(guarded)('find nothing without a history: %s', async (query) => {
    const found = await prometheus.query(query);
    expect(new Set(found.map(({ metric }) => metric['instance_id']))).toEqual(
      new Set([FULL.instance]),
    );
    for (const { metric } of found) expect(metric['user_name'] ?? IDLE).toBe(IDLE);
  });
});
