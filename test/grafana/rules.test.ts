import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertFiles } from '../../scripts/alerts/index.ts';
import { ERROR_KINDS, type ErrorKind } from '../../src/model/api-error.ts';
import { kindOf } from '../../src/smartag/transport/error-codes.ts';
import { dashboardsInFolder } from '../support/dashboards.ts';
import { metricLabels } from '../support/metric-labels.ts';
import { readPromql } from '../support/promql.ts';
import {
  type AlertingRule,
  alertingRules,
  queriesInAnnotations,
  recordingRules,
  ruleFileText,
  runbookOf,
} from '../support/rule-files.ts';

const PROJECT = new URL('../../', import.meta.url);
const ALERTS = alertingRules();
const PAIRS = ALERTS.map((rule, index) => [rule, alertingRules('zh-CN')[index]] as const);
const RUNBOOK_HEADINGS = ['What it means', 'For users', 'Look', 'Do', 'Silence or change'].map(
  (heading) => `## ${heading}`,
);
const NAMES = new Set(ALERTS.map(({ alert }) => alert));

describe.each(ALERTS.map((rule) => [`${rule.alert} (${rule.labels['severity']})`, rule] as const))(
  '%s',
  (_, rule) => {
    it('has a severity, a summary, a description with values or labels, and a runbook', () => {
      expect(['warning', 'critical']).toContain(rule.labels['severity']);
      expect(rule.annotations['summary']).toMatch(/SAG APP|account/);
      expect(rule.annotations['description']).toContain('{{');
      expect(rule.annotations['runbook_url']).toMatch(
        /^\{\{ with query "sag_app:runbooks:info" \}\}\{\{ \. \| first \| label "url" \}\}\{\{ else \}\}https:\/\/github\.com\/[\w-]+\/sag-app-exporter\/blob\/main\/docs\/runbooks\{\{ end \}\}\/[a-z-]+\.md$/,
      );
      const text = readFileSync(new URL(runbookOf(rule), PROJECT), 'utf8');
      expect(text.match(/^##? .*$/gm)).toEqual([`# ${rule.alert}`, ...RUNBOOK_HEADINGS]);
    });

    it('has a runbook that says how to silence it and where its threshold is', () => {
      const text = readFileSync(new URL(runbookOf(rule), PROJECT), 'utf8');
      const [, silence = ''] = text.split('\n## Silence or change\n');
      expect(silence).toMatch(new RegExp(`^amtool silence add .* alertname=${rule.alert}\\b`, 'm'));
      for (const { metric } of readPromql(rule.expr).selectors)
        if (metric.startsWith('sag_app:threshold:')) expect(silence).toContain(metric);
    });

    it('uses existing thresholds, and no number other than 0 and 1', () => {
      const recorded = recordingRules();
      for (const { metric } of readPromql(rule.expr).selectors)
        if (metric.includes(':')) expect(recorded.map(({ record }) => record)).toContain(metric);
      const withoutDurations = rule.expr.replace(/\[\w+\]/g, '').replace(/"[^"]*"/g, '');
      expect(
        withoutDurations.match(/(?<![\w:.])\d[\d.]*/g)?.filter((n) => !/^[012]$/.test(n)) ?? [],
      ).toEqual([]);
    });
  },
);

describe('the alerts in both languages', () => {
  it.each(alertFiles())('$path is what `npm run alerts` writes', ({ path, text }) => {
    expect(ruleFileText(path.replace('config/prometheus/', ''))).toBe(text);
  });

  it('differ only in their texts', () => {
    const withoutTexts = (rules: readonly AlertingRule[]) =>
      rules.map(({ annotations, ...rule }) => ({ ...rule, annotations: Object.keys(annotations) }));
    expect(withoutTexts(alertingRules('zh-CN'))).toEqual(withoutTexts(ALERTS));
  });

  it.each(PAIRS)('show the same values: $alert', (english, chinese) => {
    const values = (rule: AlertingRule | undefined) => {
      const { summary = '', description = '' } = rule?.annotations ?? {};
      const shown = `${summary} ${description}`.match(/\$labels\.\w+|\.Labels\.\w+|\$value\b/g);
      return { shown: new Set(shown), queries: rule && new Set(queriesInAnnotations(rule)) };
    };
    expect(values(chinese)).toEqual(values(english));
    for (const text of ['summary', 'description'])
      expect(chinese?.annotations[text]).toMatch(/\p{Script=Han}/u);
    expect(chinese?.annotations['runbook_url']).toBe(
      english.annotations['runbook_url']?.replace('docs/runbooks', 'docs/zh-CN/runbooks'),
    );
  });

  const onInstances = PAIRS.filter(([{ expr }]) => /_instance_|instance_id/.test(expr));

  it.each(onInstances)('name the instance: $alert', (...rules) => {
    expect(rules[0].expr).toContain('group_left (name) sag_app:instance_name:info');
    for (const rule of rules)
      for (const text of ['summary', 'description'])
        expect(rule?.annotations[text]).toContain('{{ $labels.name }}');
  });

  it('name an instance wherever they show its id', () => {
    const shown = ALERTS.filter(({ annotations }) =>
      /instance_id/.test(annotations['description'] ?? ''),
    );
    expect(shown).toEqual(onInstances.map(([rule]) => rule));
    expect(shown.length).toBeGreaterThan(7);
  });
});

describe('docs/runbooks', () => {
  it('has a page for each alert and no other, and lists them all', () => {
    const files = readdirSync(new URL('docs/runbooks/', PROJECT)).map((f) => `docs/runbooks/${f}`);
    const linked = ALERTS.map(runbookOf);
    expect(files.toSorted()).toEqual(
      [...new Set([...linked, 'docs/runbooks/README.md'])].toSorted(),
    );
    const list = readFileSync(new URL('docs/runbooks/README.md', PROJECT), 'utf8');
    const rows = [...list.matchAll(/^\| \[(\w+)\]\(([a-z-]+\.md)\)/gm)];
    expect(new Set(rows.map(([, alert]) => alert))).toEqual(NAMES);
    for (const [, alert, page] of rows)
      expect(ALERTS.filter((rule) => rule.alert === alert).map(runbookOf)).toContain(
        `docs/runbooks/${page}`,
      );
  });
});

describe('the unit tests of the rules', () => {
  interface UnitTests {
    readonly tests: readonly {
      readonly alert_rule_test?: readonly {
        readonly alertname: string;
        readonly exp_alerts: readonly { readonly exp_labels: { readonly severity: string } }[];
      }[];
    }[];
  }
  const files = readdirSync(new URL('config/prometheus/tests/', PROJECT));
  const tests = files.flatMap((file) => (parse(ruleFileText(`tests/${file}`)) as UnitTests).tests);

  it.each([...NAMES])('check that %s fires with each of its severities, and resolves', (name) => {
    const steps = tests.map(({ alert_rule_test = [] }) =>
      alert_rule_test
        .filter(({ alertname }) => alertname === name)
        .map(({ exp_alerts }) => exp_alerts.map(({ exp_labels }) => exp_labels.severity)),
    );
    const severities = ALERTS.filter(({ alert }) => alert === name).map(
      ({ labels }) => labels['severity'],
    );
    expect(new Set(steps.flat(2))).toEqual(new Set(severities));
    const resolves = steps.some((inOrder) =>
      inOrder.some(
        (alerts, index) =>
          alerts.length > 0 && inOrder.slice(index + 1).some((later) => later.length === 0),
      ),
    );
    expect(resolves).toBe(true);
  });

  it.each([...NAMES])('check that %s does not fire too early', (name) => {
    const silent = tests.some(({ alert_rule_test = [] }) => {
      const [first] = alert_rule_test.filter(({ alertname }) => alertname === name);
      return first?.exp_alerts.length === 0;
    });
    expect(silent).toBe(true);
  });
});

describe('codes in rules and dashboards', () => {
  /** Codes from the API's documents, and kinds, which stand for calls without a code. */
  const CODES: readonly (readonly [string, ErrorKind])[] = [
    ...[
      'Throttling',
      'Throttling.User',
      'Throttling.Api',
      'Rejected.Throttling',
      'InvalidAccessKeyId.NotFound',
      'InvalidAccessKeyId.Inactive',
      'InvalidAccessKeyId',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'InvalidSecurityToken.Expired',
      'InvalidSecurityToken.Malformed',
      'MissingSecurityToken',
      'InvalidTimeStamp.Expired',
      'InvalidTimeStamp.Format',
      'Forbidden',
      'Forbidden.RAM',
      'Forbbiden.SubUser',
      'NoPermission',
      'ServiceUnavailable',
      'InternalError',
      'InternalFailure',
      'UnknownError',
      'InnerServiceFailed',
    ].map((code) => [code, kindOf({ code, message: '', httpStatus: 400, writes: false })] as const),
    ...(Object.keys(ERROR_KINDS) as ErrorKind[])
      .filter(
        (kind) =>
          kind === 'throttled' || kind === 'unauthenticated' || !ERROR_KINDS[kind].authenticated,
      )
      .map((kind) => [kind, kind] as const),
  ];
  const matchers = (text: string): readonly string[] =>
    [...text.matchAll(/code(?:=~|!~)\\?"([^"\\]+)\\?"/g)].map(([, pattern = '']) => pattern);
  const rules = ruleFileText('recording-rules.yml');

  it('find exactly the throttled calls', () => {
    const written = [rules, ...dashboardsInFolder().map(({ text }) => text)]
      .flatMap(matchers)
      .filter((pattern) => pattern.startsWith('Throttling') && !pattern.includes('Permission'));
    expect(new Set(written).size).toBe(1);
    const pattern = new RegExp(`^(?:${written[0]})$`);
    for (const [code, kind] of CODES) expect(pattern.test(code), code).toBe(kind === 'throttled');
  });

  it('find exactly the calls with refused credentials', () => {
    const rule = recordingRules().find(({ record }) => record.includes('refused'));
    const [written = ''] = matchers(rule?.expr ?? '');
    const pattern = new RegExp(`^(?:${written})$`);
    for (const [code, kind] of CODES)
      expect(pattern.test(code), code).toBe(kind === 'unauthenticated');
  });

  it('find exactly the calls that were not answered by the API to a known caller', () => {
    const rule = recordingRules().find(({ record }) => record.includes('unanswered'));
    const left = matchers(rule?.expr ?? '').map((pattern) => new RegExp(`^(?:${pattern})$`));
    expect(left).toHaveLength(2);
    for (const [code, kind] of CODES) {
      const unanswered = !ERROR_KINDS[kind].authenticated && kind !== 'unauthenticated';
      expect(!left.some((pattern) => pattern.test(code)), code).toBe(unanswered);
    }
  });
});

describe('config/alertmanager/alertmanager.yml', () => {
  it('names only alerts that exist', () => {
    const text = readFileSync(new URL('config/alertmanager/alertmanager.yml', PROJECT), 'utf8');
    const named = text.match(/SagApp\w+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !NAMES.has(name))).toEqual([]);
  });

  it('groups and inhibits by labels that the alerts have', async () => {
    interface Routing {
      readonly route: { readonly group_by: readonly string[] };
      readonly inhibit_rules: readonly { readonly equal: readonly string[] }[];
    }
    const text = readFileSync(new URL('config/alertmanager/alertmanager.yml', PROJECT), 'utf8');
    const { route, inhibit_rules } = parse(text) as Routing;
    const known = new Set([
      'alertname',
      ...[...(await metricLabels()).values()].flatMap((of) => [...of]),
    ]);
    const named = [...route.group_by, ...inhibit_rules.flatMap(({ equal }) => equal)];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((label) => !known.has(label))).toEqual([]);
  });
});
