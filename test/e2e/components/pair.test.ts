import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dashboardsInFolder, filledIn, panelsOf, targetsOf } from '../../support/dashboards.ts';
import { hurriedRules } from '../../support/delivered-rules.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedServe, startServe } from '../../support/start-serve.ts';
import { type StartedSimulate, startSimulate } from '../../support/start-simulate.ts';

const PATIENCE = { timeout: 90_000, interval: 250 };
const FULL = 'sag-office';

const SCENARIO = `
seed: 1
instances:
  - { id: ${FULL}, name: office, region: cn-shanghai, users: 97, users_limit: 100, online: 0 }
  - { id: sag-plant, name: plant, region: ap-southeast-1, users: 20, users_limit: 40, online: 0 }
`;

let folder: string;
let api: StartedSimulate;
let prometheus: StartedPrometheus;
const exporters: StartedServe[] = [];

/** Two exporters that poll the same fleet for safety. The second makes only one discovery. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pair-'));
  api = await startSimulate(SCENARIO);
  await api.control('connect', { instance: FULL, count: 7 });
  for (const discoveryInterval of ['1s', '1h']) {
    exporters.push(
      await startServe({
        endpoint: api.url,
        polling: {
          requests_per_second: 200,
          adaptive: false,
          discovery_interval: discoveryInterval,
          users_interval: '1s',
          online_interval: '1s',
        },
        metrics: { unused_after: ['1s'] },
      }),
    );
  }
  const targets = exporters.map(({ address }) => address);
  prometheus = await startPrometheus(targets, { ruleFiles: await hurriedRules(folder) });
  // From now on, one of them discovers it under another name.
  await api.control('change_instance', { id: FULL, name: 'head-office' });
  await vi.waitFor(async () => {
    const names = await prometheus.query(`count by (name) (sag_app_instance_info)`);
    expect(names.map(({ metric }) => metric['name']).toSorted()).toEqual([
      'head-office',
      'office',
      'plant',
    ]);
    expect(await prometheus.query('count(sag_app_online_users) == 4')).toHaveLength(1);
    expect(await prometheus.query('sag_app:users:sum')).toHaveLength(2);
    expect(await prometheus.query('count(sag_app_users_unused) == 4')).toHaveLength(1);
  }, PATIENCE);
}, 180_000);

afterAll(async () => {
  await prometheus?.stop();
  for (const exporter of exporters) await exporter.stop();
  await api?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const EVERYTHING = {
  account: '.*',
  region: '.*',
  instance: '.*',
  user: '.*',
  unused_for: '1s',
  exporter: '.*',
};
const DASHBOARDS = dashboardsInFolder();

function queriesOf(uid: string): readonly (readonly [string, string])[] {
  return DASHBOARDS.filter(({ dashboard }) => dashboard.uid === uid).flatMap(({ dashboard }) =>
    panelsOf(dashboard).flatMap((panel) =>
      targetsOf(panel).map(
        ({ expr, refId }) => [`${panel.title} ${refId}`, filledIn(expr, EVERYTHING)] as const,
      ),
    ),
  );
}

describe('a pair of exporters that know an instance by two names', () => {
  it.each([...queriesOf('sag-app-fleet'), ...queriesOf('sag-app-instance')])(
    'gives each figure once: %s',
    async (_, expr) => {
      for (const { metric } of await prometheus.query(expr))
        expect(metric).not.toHaveProperty('job');
    },
  );

  it.each(queriesOf('sag-app-exporter'))('can be asked for: %s', async (_, expr) => {
    await expect(prometheus.query(expr)).resolves.toBeDefined();
  });

  it.each([
    ['Users A', 117],
    ['Users that may be added A', 23],
    ['Users online A', 7],
    ['Clients online A', 7],
    ['Instances not up A', 0],
  ])('is counted once: %s is %d', async (title, value) => {
    const [, expr = ''] = queriesOf('sag-app-fleet').find(([name]) => name === title) ?? [];
    expect(await prometheus.query(expr)).toEqual([{ metric: {}, value }]);
  });

  it('has one row for each instance in the table of the fleet', async () => {
    const columns = queriesOf('sag-app-fleet').filter(([title]) => title.startsWith('Instances '));
    for (const [title, expr] of columns.filter(([, expr]) => !expr.includes('deriv'))) {
      if (title.startsWith('Instances not up')) continue;
      const rows = await prometheus.query(expr);
      expect(rows.map(({ metric }) => metric['instance_id']).toSorted(), title).toEqual([
        FULL,
        'sag-plant',
      ]);
    }
  });

  it('causes each alert once, from rules that are evaluated without an error', async () => {
    await vi.waitFor(async () => {
      const alerts = await prometheus.query(
        'ALERTS{alertname="SagAppUsersNearLimit",severity="critical",alertstate="firing"}',
      );
      expect(alerts).toMatchObject([{ metric: { instance_id: FULL } }]);
    }, PATIENCE);
    const answer = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await answer.json()) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(40);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });
});
