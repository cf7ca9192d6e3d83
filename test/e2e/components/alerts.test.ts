import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createWorld, type World } from '../../../src/simulator/index.ts';
import { hurriedRules } from '../../support/delivered-rules.ts';
import { type StartedAlertmanager, startAlertmanager } from '../../support/start-alertmanager.ts';
import { type Program, startCommand, urlOf } from '../../support/start-program.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

const PATIENCE = { timeout: 60_000, interval: 250 };
const INSTANCE = 'sag-office';

let folder: string;
let world: World;
let api: StartedSimulator;
let exporter: Program;
let alertmanager: StartedAlertmanager;
let prometheus: StartedPrometheus;

/** Simulator, exporter, Prometheus with the rules as delivered but in a hurry, Alertmanager. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  world = createWorld({
    seed: 1,
    clock: systemClock,
    instances: [{ id: INSTANCE, regionId: 'cn-shanghai', users: 80, usersLimit: 100 }],
  });
  api = await startSimulator({ clock: systemClock, world });
  const file = join(folder, 'config.yml');
  await writeFile(
    file,
    `
accounts:
  - name: test
    endpoint: ${api.url}
    regions: [cn-shanghai]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling:
  requests_per_second: 500
  adaptive: false
  discovery_interval: 1s
  users_interval: 1s
  online_interval: 1s
`,
  );
  exporter = startCommand([
    `--config.file=${file}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  await vi.waitFor(async () => {
    expect((await fetch(`${urlOf(exporter)}/-/ready`)).status).toBe(200);
  }, PATIENCE);
  alertmanager = await startAlertmanager();
  prometheus = await startPrometheus(new URL(urlOf(exporter)).host, {
    ruleFiles: await hurriedRules(folder),
    alertmanager: alertmanager.address,
  });
});

afterAll(async () => {
  await prometheus?.stop();
  await alertmanager?.stop();
  await exporter?.end('SIGKILL');
  await api?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Adds made-up users until the instance has that many. */
function growTo(count: number): void {
  for (let next = world.users(INSTANCE).length; next < count; next++)
    world.addUser(INSTANCE, { name: `new${next}` });
}

/** The notifications of an alert, as `receiver severity status`, oldest first. */
function notifications(alertname: string): readonly string[] {
  return alertmanager.notified
    .filter(({ labels }) => labels['alertname'] === alertname)
    .map(({ receiver, labels, status }) => `${receiver} ${labels['severity']} ${status}`);
}

/** Whether Alertmanager holds an alert with these labels, and something else keeps it silent. */
async function inhibited(labels: Readonly<Record<string, string>>): Promise<boolean> {
  return (await alertmanager.alerts()).some(
    (alert) =>
      Object.entries(labels).every(([label, value]) => alert.labels[label] === value) &&
      alert.status.inhibitedBy.length > 0,
  );
}

describe('from the API to the receiver of a notification', () => {
  it('tells of nothing while all is well', async () => {
    await vi.waitFor(async () => {
      expect(await prometheus.query('sag_app:users_limit_used:ratio')).toMatchObject([
        { value: 0.8 },
      ]);
      expect(await prometheus.query('sag_app:stage_age:seconds')).toHaveLength(3);
      expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
    }, PATIENCE);
  });

  it('warns of an instance that grows past 85 % of its limit', async () => {
    growTo(86);
    await vi.waitFor(() => {
      expect(notifications('SagAppUsersNearLimit')).toContain('staff warning firing');
    }, PATIENCE);
    const told = alertmanager.notified.find(
      ({ labels }) => labels['alertname'] === 'SagAppUsersNearLimit',
    );
    expect(told?.annotations).toEqual({
      summary: `SAG APP instance ${INSTANCE} is at 86% of its user limit`,
      description: `86 of 100 users of ${INSTANCE} (account test, cn-shanghai) are taken. At the limit no user can be added.`,
      runbook_url: 'docs/runbooks/users-near-limit.md',
    });
    expect(notifications('SagAppUsersNearLimit')).not.toContain('on-call critical firing');
  });

  it('calls out past 95 %, and keeps the warning silent then', async () => {
    growTo(96);
    await vi.waitFor(async () => {
      expect(notifications('SagAppUsersNearLimit')).toContain('on-call critical firing');
      expect(await inhibited({ alertname: 'SagAppUsersNearLimit', severity: 'warning' })).toBe(
        true,
      );
    }, PATIENCE);
  });

  it('tells that both are over when the limit is raised', async () => {
    world.changeInstance(INSTANCE, { usersLimit: 200 });
    await vi.waitFor(() => {
      expect(notifications('SagAppUsersNearLimit')).toContain('on-call critical resolved');
      expect(notifications('SagAppUsersNearLimit')).toContain('staff warning resolved');
    }, PATIENCE);
  });

  it('tells of an instance that cannot be polled, and not of its stale figures', async () => {
    const mend = api.simulator.faults.add({
      match: { instanceId: INSTANCE },
      effect: { error: { code: 'ServiceUnavailable' } },
    });
    await vi.waitFor(async () => {
      expect(notifications('SagAppInstanceDown')).toContain('on-call critical firing');
      expect(await inhibited({ alertname: 'SagAppDataStale', stage: 'users' })).toBe(true);
    }, PATIENCE);
    mend();
    await vi.waitFor(() => {
      expect(notifications('SagAppInstanceDown')).toContain('on-call critical resolved');
    }, PATIENCE);
  });

  it('tells of an exporter that was killed', async () => {
    await exporter.end('SIGKILL');
    await vi.waitFor(() => {
      expect(notifications('SagAppExporterDown')).toContain('on-call critical firing');
    }, PATIENCE);
  });
});
