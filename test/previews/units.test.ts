import { describe, expect, it } from 'vitest';
import { written } from '../../scripts/previews/units.ts';
import { dashboardsInFolder, panelsOf } from '../support/dashboards.ts';

describe('a value in a unit of Grafana', () => {
  it.each([
    [0, 's', undefined, '0 s'],
    [0.0824, 's', undefined, '82.4 ms'],
    [59, 's', undefined, '59 s'],
    [296, 's', undefined, '4.93 mins'],
    [7200, 's', 0, '2 hours'],
    [4.31 * 86400, 's', undefined, '4.31 days'],
    [-3600, 's', undefined, '-1 hours'],
    [95 * 86400, 's', 0, '14 weeks'],
    [0.903, 'percentunit', 1, '90.3%'],
    [1_770_000_000, 'bps', undefined, '1.77 Gb/s'],
    [0, 'bytes', undefined, '0 B'],
    [134_217_728, 'bytes', undefined, '128 MiB'],
    [0.4, 'reqps', undefined, '0.4 req/s'],
    [348.2, 'cpm', undefined, '348 cpm'],
    [5680, 'short', undefined, '5.68 K'],
    [1, 'none', undefined, '1'],
    [1_795_632_035_000, 'dateTimeAsIso', undefined, '2026-11-25 18:40:35'],
    [Number.NaN, 'short', undefined, 'NaN'],
  ])('%d in %s with %s decimals is %s', (value, unit, decimals, text) => {
    expect(written(value, unit, decimals)).toBe(text);
  });

  it('can be written for every unit that the dashboards use', () => {
    const units = new Set<string>();
    for (const { text, dashboard } of dashboardsInFolder()) {
      for (const panel of panelsOf(dashboard)) units.add(panel.fieldConfig?.defaults.unit ?? '');
      for (const [, unit = ''] of text.matchAll(/"id": "unit",\s+"value": "(\w+)"/g))
        units.add(unit);
    }
    expect(units.size).toBeGreaterThan(8);
    for (const unit of units) expect(() => written(1, unit)).not.toThrow();
  });
});
