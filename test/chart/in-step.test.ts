import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chartFiles } from '../../scripts/chart/chart-files.ts';
import { chartValues } from '../../scripts/chart/values-schema.ts';
import { valueRows } from '../../scripts/chart/values-table.ts';
import { projectFile } from '../../scripts/generated-file.ts';

const CHART = 'config/kubernetes/sag-app-exporter';

interface Chart {
  readonly appVersion: string;
  readonly icon: string;
  readonly annotations: Readonly<Record<string, string>>;
}

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

  it('names the image that it installs, and lists and links of the shapes that Artifact Hub reads', () => {
    const { appVersion, annotations, icon } = parse(projectFile(`${CHART}/Chart.yaml`)) as Chart;
    const { version } = JSON.parse(projectFile('package.json')) as { readonly version: string };
    const { image } = parse(projectFile(`${CHART}/values.yaml`)) as {
      readonly image: { readonly repository: string };
    };
    expect(appVersion).toBe(version);
    const lists = Object.entries(annotations).map(
      ([key, text]) => [key.replace('artifacthub.io/', ''), parse(text)] as const,
    );
    expect(Object.fromEntries(lists)).toMatchObject({
      category: 'monitoring-logging',
      license: 'Apache-2.0',
      images: [{ name: 'sag-app-exporter', image: `${image.repository}:${version}` }],
      links: expect.arrayContaining([{ name: 'support', url: expect.any(String) }]),
      screenshots: [{ title: expect.any(String), url: expect.any(String) }],
      changes: expect.arrayContaining([
        {
          kind: expect.stringMatching(/^(added|changed|deprecated|removed|fixed|security)$/),
          description: expect.any(String),
        },
      ]),
    });
    const files = [icon, ...Object.values(annotations)].flatMap(
      (text) => text.match(/(?<=\/(?:raw|blob)\/HEAD\/)\S+/g) ?? [],
    );
    expect(files).toHaveLength(4);
    for (const file of files)
      expect(existsSync(new URL(`../../${file}`, import.meta.url))).toBe(true);
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
