import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFile } from '../../support/temporary-files.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface Mixin {
  readonly alerts: Groups;
  readonly rules: Groups;
  readonly dashboards: Readonly<Record<string, unknown>>;
}

/** Evaluates the mixin with a configuration, as a user's own Jsonnet file does. */
function evaluate(config: object) {
  const program = `
    local mixin = (import 'sag-app-mixin/mixin.libsonnet') + { _config+:: ${JSON.stringify(config)} };
    { alerts: mixin.prometheusAlerts, rules: mixin.prometheusRules, dashboards: mixin.grafanaDashboards }`;
  return spawnSync('jsonnet', ['--jpath', PROJECT, '--exec', program], { encoding: 'utf8' });
}

function mixin(config: object = {}): Mixin {
  const { status, stdout, stderr, error } = evaluate(config);
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Mixin;
}

function refusal(config: object): string {
  const { status, stderr } = evaluate(config);
  expect(status).toBe(1);
  return stderr;
}

const shipped = (path: string): unknown => parse(readFileSync(`${PROJECT}${path}`, 'utf8'));
const rulesOf = ({ groups }: Groups): readonly Rule[] => groups.flatMap(({ rules }) => rules);

async function expectPromtoolAccepts({ alerts, rules }: Mixin): Promise<void> {
  for (const groups of [alerts, rules]) {
    const file = await temporaryFile('rules.yml', JSON.stringify(groups));
    const args = ['check', 'rules', '--lint-fatal', file];
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).toBe(0);
  }
}

describe('the mixin', () => {
  it.each([
    ['en', ''],
    ['zh-CN', 'zh-CN/'],
  ])('has the rules and dashboards of the project in %s', async (language, folder) => {
    const result = mixin({ language });
    expect(result.alerts).toEqual(shipped(`config/prometheus/${folder}alerts.yml`));
    expect(result.rules.groups).toEqual(
      ['thresholds', 'recording-rules'].flatMap(
        (name) => (shipped(`config/prometheus/${name}.yml`) as Groups).groups,
      ),
    );
    const names = ['sag-app-exporter.json', 'sag-app-fleet.json', 'sag-app-instance.json'];
    expect(result.dashboards).toEqual(
      Object.fromEntries(
        names.map((name) => [name, shipped(`grafana/dashboards/${folder}${name}`)]),
      ),
    );
    await expectPromtoolAccepts(result);
  });

  it('is English by default', () => {
    expect(mixin()).toEqual(mixin({ language: 'en' }));
  });

  it('changes rules as its configuration says', async () => {
    const exporterSelector = 'job=~"sag-.*",cluster="prod"';
    const result = mixin({
      exporterSelector,
      disabledAlerts: ['SagAppThrottled'],
      alertLabels: { team: 'network' },
      runbookBaseUrl: 'https://example.com/runbooks',
      thresholds: [
        {
          record: 'sag_app:threshold:users_limit_used_ratio',
          labels: { severity: 'warning' },
          expr: 'vector(0.8)',
        },
        { record: 'sag_app:threshold:throttled_ratio', expr: 'vector(0.1)' },
      ],
    });
    await expectPromtoolAccepts(result);
    const alerts = rulesOf(result.alerts);
    const before = rulesOf(mixin().alerts);
    expect(alerts.map(({ alert }) => alert)).toEqual(
      before.map(({ alert }) => alert).filter((alert) => alert !== 'SagAppThrottled'),
    );
    for (const { labels } of alerts) {
      expect(labels).toEqual({ severity: expect.any(String), team: 'network' });
    }
    const selecting = alerts.filter(({ expr }) => expr.includes(`{${exporterSelector}}`));
    expect(selecting.map(({ alert }) => alert)).toEqual([
      'SagAppExporterDown',
      'SagAppExporterAbsent',
    ]);
    expect(JSON.stringify(alerts.map(({ expr }) => expr))).not.toContain('job=\\"sag-app\\"');

    const rules = rulesOf(result.rules);
    const thresholdsCalled = (name: string) =>
      rules
        .filter(({ record }) => record === `sag_app:threshold:${name}`)
        .map(({ labels, expr }) => [labels?.['severity'], expr]);
    expect(thresholdsCalled('users_limit_used_ratio')).toEqual([
      ['warning', 'vector(0.8)'],
      ['critical', 'vector(0.95)'],
    ]);
    expect(thresholdsCalled('throttled_ratio')).toEqual([[undefined, 'vector(0.1)']]);
    expect(rules.at(-1)).toEqual({
      record: 'sag_app:runbooks:info',
      expr: 'vector(1)',
      labels: { url: 'https://example.com/runbooks' },
    });
  });

  it('refuses what it does not know', () => {
    expect(refusal({ language: 'fr' })).toContain('there is no language fr; there are en, zh-CN');
    expect(refusal({ disabledAlerts: ['SagAppGone'] })).toContain(
      'there is no such alert: SagAppGone',
    );
    expect(
      refusal({ thresholds: [{ record: 'sag_app:threshold:users_limit_used_ratio', expr: '1' }] }),
    ).toContain('there is no such threshold: sag_app:threshold:users_limit_used_ratio');
  });
});
