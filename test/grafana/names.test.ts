import { describe, expect, it } from 'vitest';
import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import {
  dashboardsInFolder,
  filledIn,
  panelsOf,
  promqlOf,
  queryVariablesOf,
  rowsOf,
  targetsOf,
} from '../support/dashboards.ts';
import { filesUnder, pages, promqlBlocks } from '../support/markdown.ts';
import { metricLabels } from '../support/metric-labels.ts';
import { withoutBlocks } from '../support/page-links.ts';
import { readPromql } from '../support/promql.ts';
import {
  alertingRules,
  LINKS_RECORD,
  queriesInAnnotations,
  recordingRules,
} from '../support/rule-files.ts';

const LABELS = await metricLabels();
const RECORDED = new Set([...recordingRules().map(({ record }) => record), LINKS_RECORD]);

/** Labels that any series may have. A recorded series has some of them. */
const ALL_LABELS = new Set([...LABELS.values()].flatMap((labels) => [...labels]));
/** Labels that rules and dashboards add. */
const MADE = new Set(['severity', 'stage', 'name', 'present']);

/** The mistakes in an expression: wrong syntax, and metrics or labels that do not exist. */
function wrongs(expression: string): readonly string[] {
  const { errors, selectors, groupings } = readPromql(expression);
  const unknown = selectors.flatMap(({ metric, labels }) => {
    if (RECORDED.has(metric))
      return labels.filter((label) => !ALL_LABELS.has(label) && !MADE.has(label));
    const known = LABELS.get(metric);
    if (!known) return [`no metric ${metric}`];
    return labels
      .filter((label) => !known.has(label))
      .map((label) => `no label ${label} of ${metric}`);
  });
  const strange = groupings.filter((label) => !ALL_LABELS.has(label) && !MADE.has(label));
  return [...errors, ...unknown, ...strange.map((label) => `no label ${label}`)];
}

const ALL = {
  account: '.*',
  region: '.*',
  instance: '.*',
  user: '.*',
  unused_for: '30d',
  exporter: '.*',
};

/** Every expression of the project, with its place. */
const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ...dashboardsInFolder().flatMap(({ file, dashboard }) => [
    ...panelsOf(dashboard).flatMap((panel) =>
      targetsOf(panel).map(
        ({ expr, refId }) => [`${file}: ${panel.title} ${refId}`, filledIn(expr, ALL)] as const,
      ),
    ),
    ...queryVariablesOf(dashboard).map(
      (variable) => [`${file}: ${variable.name}`, filledIn(promqlOf(variable).expr, ALL)] as const,
    ),
  ]),
  ...recordingRules().map(({ record, expr }) => [record, expr] as const),
  ...alertingRules().flatMap((rule) => [
    [rule.alert, rule.expr] as const,
    ...queriesInAnnotations(rule).map((query) => [`${rule.alert}, annotation`, query] as const),
  ]),
  ...pages().flatMap(({ path, text }) => promqlBlocks(text).map((query) => [path, query] as const)),
  ...[...FLEET_METRICS, ...OWN_METRICS].map(
    ({ name, example }) => [`example of ${name}`, example] as const,
  ),
];

describe('the expressions', () => {
  it('are found in every file that has some', () => {
    const places = EXPRESSIONS.map(([place]) => place);
    for (const part of ['sag-app-fleet.json', 'sag_app:users:sum', 'SagAppThrottled', 'annotation'])
      expect(
        places.filter((place) => place.includes(part)),
        part,
      ).not.toEqual([]);
    for (const path of ['README.md', 'docs/promql.md', 'docs/runbooks/throttled.md'])
      expect(places, path).toContain(path);
    expect(EXPRESSIONS.length).toBeGreaterThan(200);
  });

  it.each(EXPRESSIONS)('%s: %s', (_, expression) => {
    expect(wrongs(expression)).toEqual([]);
  });

  it.each([
    ['sum by (instance_id) (sag_app_user)', 'no metric sag_app_user'],
    ['sag_app_users{stage="users"}', 'no label stage of sag_app_users'],
    ['sum by (instanceid) (sag_app_users)', 'no label instanceid'],
    [
      'rate(sag_app_exporter_scrape_duration_seconds[5m])',
      'no metric sag_app_exporter_scrape_duration_seconds',
    ],
  ])('with a mistake are caught: %s', (expression, wrong) => {
    expect(wrongs(expression)).toEqual([wrong]);
  });

  it('with wrong syntax are caught', () => {
    expect(wrongs('sum(sag_app_users')).not.toEqual([]);
    expect(wrongs('sag_app_users by (state)')).not.toEqual([]);
  });
});

describe('the runbooks', () => {
  const titles = new Set(
    dashboardsInFolder().flatMap(({ dashboard }) => [
      dashboard.title,
      ...[...rowsOf(dashboard), ...panelsOf(dashboard)].map(({ title }) => title),
    ]),
  );
  /** Pages of Prometheus and Grafana. */
  const OTHERS = ['Targets', 'Service discovery', 'Explore'];
  const names = pages()
    .filter(({ path }) => path.startsWith('docs/runbooks/'))
    .flatMap(({ path, text }) =>
      Array.from(
        withoutBlocks(text)
          .replaceAll(/`[^`]*`/g, '')
          .matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g),
        ([, name = '']) => [path, name.replaceAll('\n', ' ')] as const,
      ),
    )
    .filter(([, name]) => !OTHERS.includes(name));

  it('name dashboards, rows and panels that exist', () => {
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter(([, name]) => !titles.has(name))).toEqual([]);
  });
});

describe('the examples of the metrics', () => {
  const examples = [...FLEET_METRICS, ...OWN_METRICS].map(
    ({ name, example }) => [name, example] as const,
  );

  it.each(examples)('%s is used in its own example, which fits in a table', (name, example) => {
    const used = readPromql(example).selectors.map(({ metric }) => metric.replace(/_bucket$/, ''));
    expect(used).toContain(name);
    expect(example).not.toContain('|');
  });
});

describe('the pages, and every file of config and grafana', () => {
  const files = [...pages(), ...filesUnder('config'), ...filesUnder('grafana')];

  it('are all checked', () => {
    const paths = files.map(({ path }) => path);
    for (const path of ['config/prometheus/tests/polling.yml', 'grafana/source/queries.ts'])
      expect(paths).toContain(path);
  });

  it.each(files.map(({ path, text }) => [path, text] as const))(
    '%s names only metrics that exist',
    (_, text) => {
      const named = text.match(/\bsag_app[_:][\w:]*\w/g) ?? [];
      const declared = new Set([...FLEET_METRICS, ...OWN_METRICS].map(({ name }) => name));
      expect(
        named.filter((name) => !LABELS.has(name) && !RECORDED.has(name) && !declared.has(name)),
      ).toEqual([]);
    },
  );
});
