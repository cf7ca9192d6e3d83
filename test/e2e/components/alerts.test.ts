import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hurriedRules } from '../../support/delivered-rules.ts';
import { type StartedAlertmanager, startAlertmanager } from '../../support/start-alertmanager.ts';
import { type StartedPrometheus, startPrometheus } from '../../support/start-prometheus.ts';
import { type StartedServe, startServe } from '../../support/start-serve.ts';
import { type StartedSimulate, startSimulate } from '../../support/start-simulate.ts';

const PATIENCE = { timeout: 90_000, interval: 250 };
const INSTANCE = 'sag-office';
const NAME = 'shanghai-office';
const RUNBOOKS = 'https://git.example.com/sag-app-exporter/docs/runbooks';

/** An instance at 80 % of its limit, which gains a user each day of the world; `speed` sets how fast days pass. */
const SCENARIO = `
seed: 1
speed: 1
instances:
  - id: ${INSTANCE}
    name: ${NAME}
    region: cn-shanghai
    users: 80
    users_limit: 100
    growth: { users_per_day: 1 }
    mean_session: 3h
`;
const DAY_IN_A_SECOND = 24 * 3600;

let folder: string;
let api: StartedSimulate;
let exporter: StartedServe;
let alertmanager: StartedAlertmanager;
let prometheus: StartedPrometheus;

/** Simulator, exporter, Prometheus with the delivered rules and shortened times, and Alertmanager. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  api = await startSimulate(SCENARIO);
  exporter = await startTheExporter();
  alertmanager = await startAlertmanager();
  prometheus = await startPrometheus(exporter.address, {
    ruleFiles: [...(await hurriedRules(folder)), await rulesOfTheUser()],
    alertmanager: alertmanager.address,
  });
}, 120_000);

afterAll(async () => {
  await prometheus?.stop();
  await alertmanager?.stop();
  await exporter?.stop();
  await api?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Writes a user's own rule file, which sets the address of the runbooks as alerts.yml describes. */
async function rulesOfTheUser(): Promise<string> {
  const path = join(folder, 'links.yml');
  const labels = `{ url: '${RUNBOOKS}' }`;
  const rule = `{ record: sag_app:runbooks:info, expr: vector(1), labels: ${labels} }`;
  await writeFile(path, `groups: [{ name: sag-app-links, rules: [${rule}] }]\n`);
  return path;
}

/** @param address the address from before a restart */
function startTheExporter(address?: string): Promise<StartedServe> {
  return startServe({
    endpoint: api.url,
    polling: {
      requests_per_second: 500,
      adaptive: false,
      discovery_interval: '1s',
      users_interval: '1s',
      online_interval: '1s',
    },
    ...(address !== undefined && { address }),
  });
}

/** The number of notifications before the test, which belong to earlier tests. */
let before = 0;
beforeEach(() => {
  before = alertmanager.notified.length;
});

/** The notifications of an alert since the test began, as `receiver severity status`, oldest first. */
function notifications(alertname: string): readonly string[] {
  return alertmanager.notified
    .slice(before)
    .filter(({ labels }) => labels['alertname'] === alertname)
    .map(({ receiver, labels, status }) => `${receiver} ${labels['severity']} ${status}`);
}

/** The last notification of an alert. */
const latest = (alertname: string) =>
  alertmanager.notified.findLast(({ labels }) => labels['alertname'] === alertname);

/** Waits until a receiver gets this notification of an alert. */
async function expectNotified(alertname: string, notification: string): Promise<void> {
  await vi.waitFor(() => expect(notifications(alertname)).toContain(notification), PATIENCE);
}

/** Waits until no alert fires. */
async function expectQuiet(): Promise<void> {
  await vi.waitFor(async () => expect(await prometheus.query('ALERTS')).toEqual([]), PATIENCE);
}

/** Waits until Alertmanager has an alert with these labels that another alert inhibits. */
async function expectInhibited(labels: Readonly<Record<string, string>>): Promise<void> {
  await vi.waitFor(async () => {
    const held = (await alertmanager.alerts()).filter((alert) =>
      Object.entries(labels).every(([label, value]) => alert.labels[label] === value),
    );
    expect(held.map(({ status }) => status.inhibitedBy.length > 0)).toContain(true);
  }, PATIENCE);
}

/** Deletes users, the newest first, until `count` are left. */
async function fallBackTo(count: number): Promise<void> {
  const [users] = await prometheus.query('sag_app:users:sum');
  const surplus = (users?.value ?? 0) - count;
  await api.control('remove_users', { instance: INSTANCE, count: surplus });
}

describe('from the API to the receiver of a notification', () => {
  it('sends nothing while everything is in order', async () => {
    await vi.waitFor(async () => {
      expect(await prometheus.query('sag_app:users_limit_used:ratio')).toMatchObject([
        { value: 0.8 },
      ]);
      expect(await prometheus.query('sag_app:stage_age:seconds')).toHaveLength(3);
      expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
    }, PATIENCE);
  });

  it('sends a warning with the name of the instance and a working link when it exceeds 85 % of its limit', async () => {
    await api.control('set_speed', { speed: DAY_IN_A_SECOND });
    await expectNotified('SagAppUsersNearLimit', 'staff warning firing');
    const notification = alertmanager.notified.find(
      ({ labels }) => labels['alertname'] === 'SagAppUsersNearLimit',
    );
    expect(notification?.labels).toMatchObject({
      severity: 'warning',
      account: 'test',
      instance_id: INSTANCE,
      name: NAME,
    });
    expect(notification?.annotations['summary']).toMatch(
      new RegExp(`^SAG APP instance ${NAME} is at (8[5-9]|9\\d)% of its user limit$`),
    );
    expect(notification?.annotations['description']).toMatch(
      new RegExp(
        `^(8[5-9]|9\\d) of 100 users of ${NAME} \\(${INSTANCE}, account test, cn-shanghai\\) `,
      ),
    );
    expect(notification?.annotations['runbook_url']).toBe(`${RUNBOOKS}/users-near-limit.md`);
  });

  it('sends a critical alert above 95 %, which inhibits the warning', async () => {
    await expectNotified('SagAppUsersNearLimit', 'on-call critical firing');
    await expectInhibited({ alertname: 'SagAppUsersNearLimit', severity: 'warning' });
    await api.control('set_speed', { speed: 1 });
  });

  it('sends that the alerts are resolved after users were deleted: first the critical one, then the warning', async () => {
    await fallBackTo(90);
    await expectNotified('SagAppUsersNearLimit', 'on-call critical resolved');
    expect(notifications('SagAppUsersNearLimit')).not.toContain('staff warning resolved');
    await fallBackTo(80);
    await expectNotified('SagAppUsersNearLimit', 'staff warning resolved');
    expect(await prometheus.query('ALERTS{alertname="SagAppUsersNearLimit"}')).toEqual([]);
  });

  it('sends an alert for an instance that cannot be polled, and none for its stale data', async () => {
    // A fault of the whole API would also mark the account as down while its newest call has failed.
    const missing = { operation: 'DescribeSmartAccessGatewayClientUsers', instance: INSTANCE };
    await api.control('deny', missing);
    await expectNotified('SagAppInstanceDown', 'on-call critical firing');
    expect(latest('SagAppInstanceDown')?.annotations).toMatchObject({
      summary: `SAG APP instance ${NAME} cannot be read`,
      description: expect.stringMatching(/Stages and reasons now: users \(forbidden\)\.$/),
    });
    await expectInhibited({ alertname: 'SagAppDataStale', stage: 'users' });
    await api.control('allow', missing);
    await expectNotified('SagAppInstanceDown', 'on-call critical resolved');
    await expectQuiet();
  });

  it('sends an alert for refused credentials, and none for the instances that cannot be polled because of them', async () => {
    await api.control('revoke_key', { access_key_id: 'testid' });
    await expectNotified('SagAppAuthenticationFailing', 'on-call critical firing');
    await expectInhibited({ alertname: 'SagAppInstanceDown' });
    // Not the forbidden list of users of the previous test.
    await vi.waitFor(async () => {
      const held = await alertmanager.alerts();
      const down = held.find(({ labels }) => labels['alertname'] === 'SagAppInstanceDown');
      expect(down?.annotations['description']).toMatch(
        /now: online \(unauthenticated\) sessions \(unauthenticated\) users \(unauthenticated\)\.$/,
      );
    }, PATIENCE);
    await api.control('restore_key', { access_key_id: 'testid' });
    await expectNotified('SagAppAuthenticationFailing', 'on-call critical resolved');
    await expectQuiet();
  });

  it('sends an alert for a killed exporter, and its resolution after the restart', async () => {
    await exporter.stop('SIGKILL');
    await expectNotified('SagAppExporterDown', 'on-call critical firing');
    exporter = await startTheExporter(exporter.address);
    await expectNotified('SagAppExporterDown', 'on-call critical resolved');
  });
});
