import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chartFiles } from '../../scripts/chart/chart-files.ts';
import { chartValues } from '../../scripts/chart/values-schema.ts';
import { valueRows } from '../../scripts/chart/values-table.ts';
import { projectFile } from '../../scripts/generated-file.ts';

const CHART = 'config/kubernetes/sag-app-exporter';

describe('the chart', () => {
  it.each(chartFiles())('$path is what `npm run chart` writes', ({ path, text }) => {
    expect(projectFile(path)).toBe(text);
  });

  it('holds no other rules or dashboards', () => {
    const made = new Set(chartFiles().map(({ path }) => path));
    const files = `${CHART}/files`;
    const held = readdirSync(new URL(`../../${files}`, import.meta.url), {
      recursive: true,
      encoding: 'utf8',
    }).filter((path) => /\.\w+$/.test(path));
    expect(held.length).toBe(10);
    expect(held.filter((path) => !made.has(`${files}/${path}`))).toEqual([]);
  });

  it('has a default for each value of its schema, and no other', () => {
    const values: unknown = parse(projectFile(`${CHART}/values.yaml`));
    expect(chartValues.safeParse(values).error?.issues ?? []).toEqual([]);
  });

  it('has the version of the exporter as appVersion', () => {
    const chart = parse(projectFile(`${CHART}/Chart.yaml`)) as { readonly appVersion: string };
    const { version } = JSON.parse(projectFile('package.json')) as { readonly version: string };
    expect(chart.appVersion).toBe(version);
  });

  it('has only patterns that Go can read', () => {
    expect(projectFile(`${CHART}/values.schema.json`)).not.toMatch(/\(\?[=!<]/);
  });
});

describe('the table of values', () => {
  it('has each key that holds no key with a comment', () => {
    const rows = valueRows(`# Of the file.

# A section.
first:
  # A value,
  # at length.
  one: 1
  # A mapping.
  two: { three: 3 }
# A list.
second: []
`);
    expect(rows).toEqual([
      { key: 'first.one', meaning: 'A value, at length.', default: '1' },
      { key: 'first.two', meaning: 'A mapping.', default: '{"three":3}' },
      { key: 'second', meaning: 'A list.', default: '[]' },
    ]);
  });

  it('refuses a value without a comment', () => {
    expect(() => valueRows('# One.\none: 1\ntwo: 2\n')).toThrow('two has no comment');
  });
});
