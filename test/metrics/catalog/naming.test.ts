import { describe, expect, it } from 'vitest';
import { FLEET_METRICS, OWN_METRICS } from '../../../src/metrics/catalog/index.ts';
import type { Declaration, Unit } from '../../../src/metrics/metric.ts';
import { SCOPE_LABELS } from '../../../src/metrics/scopes.ts';

const ALL: readonly Declaration[] = [...FLEET_METRICS, ...OWN_METRICS];

/** The end of a name by its unit; for a counter, the end before `_total`. */
const ENDINGS: Readonly<Record<Unit, RegExp>> = {
  count: /^(?!.*_(seconds|bytes|second|ratio|info|timestamp|bits|milliseconds)$)/,
  info: /_info$/,
  boolean: /_(up|enabled|successful|fallback)$/,
  timestamp_seconds: /_timestamp_seconds$/,
  seconds: /(?<!_timestamp)_seconds$/,
  bytes: /_bytes$/,
  bytes_per_second: /_bytes_per_second$/,
  requests_per_second: /_requests_per_second$/,
  ratio: /_ratio$/,
};

/** Labels that Prometheus adds itself, or that histograms and summaries use. */
const RESERVED = ['instance', 'job', 'type', 'le', 'quantile'];

describe('the catalog', () => {
  it('names no metric twice', () => {
    const names = ALL.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe.each(ALL.map((metric) => [metric.name, metric] as const))('%s', (name, metric) => {
  it('has a name in snake case with the prefix of the program', () => {
    expect(name).toMatch(/^sag_app(_[a-z][a-z0-9]*)+$/);
  });

  it('ends in its unit, followed by _total if and only if it is a counter', () => {
    expect(name.endsWith('_total')).toBe(metric.type === 'counter');
    expect(name.replace(/_total$/, '')).toMatch(ENDINGS[metric.unit]);
  });

  it('is explained by a full sentence', () => {
    expect(metric.help).toMatch(/^[A-Z][^\n]*[^.]\.$/);
  });

  it('has labels in snake case, none reserved, each with a meaning', () => {
    const scope: Record<string, string> =
      'scope' in metric ? SCOPE_LABELS[metric.scope as keyof typeof SCOPE_LABELS] : {};
    for (const [label, meaning] of Object.entries({ ...scope, ...metric.labels })) {
      expect(label).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(RESERVED).not.toContain(label);
      expect(meaning).toMatch(/^\S.*\.$/);
    }
    const own = Object.keys(metric.labels);
    expect(own.filter((label) => label in scope)).toEqual([]);
  });
});
