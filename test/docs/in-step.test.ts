import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withConfigReference } from '../../scripts/docs/configuration.ts';
import { metricReference } from '../../scripts/docs/metrics.ts';
import { withQuirkReference } from '../../scripts/docs/quirks.ts';
import { REFERENCE_MARK, scenarioReference } from '../../scripts/docs/scenarios.ts';
import { errorReference } from '../../scripts/docs/simulator-errors.ts';
import { withStatusReference } from '../../scripts/docs/status.ts';
import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { ERROR_KINDS } from '../../src/model/api-error.ts';
import { loadScenario } from '../../src/simulator/index.ts';
import { INSTANCE_LIST } from '../../src/web/status/instance-list.ts';
import { USER_LIST } from '../../src/web/status/user-lists.ts';

const page = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the pages', () => {
  it('docs/metrics.md is what the catalog makes it', () => {
    expect(page('docs/metrics.md')).toBe(metricReference());
  });

  it('docs/simulator-errors.md is what the simulator makes it', () => {
    expect(page('docs/simulator-errors.md')).toBe(errorReference());
  });

  it('docs/scenarios.md has every key and action, as the schema says', () => {
    const [, made] = page('docs/scenarios.md').split(REFERENCE_MARK);
    expect(made).toBe(scenarioReference());
  });

  it('docs/scenarios.md shows only scenarios that load', async () => {
    const shown = page('docs/scenarios.md').matchAll(/^```yaml\n# A scenario\n([\s\S]*?)^```$/gm);
    const texts = [...shown].map(([, text = '']) => text);
    expect(texts).toHaveLength(4);
    for (const text of texts) {
      await expect(loadScenario('page', { readFile: async () => text })).resolves.toBeDefined();
    }
  });

  it('docs/simulator.md has the list of quirks that their table makes', () => {
    const text = page('docs/simulator.md');
    expect(text).toContain('`expired_instances`');
    expect(text).toBe(withQuirkReference(text));
  });

  it('docs/simulator.md shows the example that is a test here', () => {
    const [, shown] = /^```ts\n([\s\S]*?)^```$/m.exec(page('docs/simulator.md')) ?? [];
    expect(shown?.replace('sag-app-exporter/simulator', '../../src/simulator/index.ts')).toBe(
      page('test/docs/simulator-example.test.ts'),
    );
  });

  it('docs/configuration.md has the tables that the schema makes', () => {
    const text = page('docs/configuration.md');
    expect(text).toBe(withConfigReference(text));
  });

  it('docs/status.md has the tables that the shape of the JSON makes', () => {
    const text = page('docs/status.md');
    expect(text).toBe(withStatusReference(text));
  });

  it('docs/status.md names every way to sort and to choose, and no other', () => {
    const rowOf = (parameter: string): readonly (readonly string[])[] => {
      const cells = new RegExp(`^\\| \`${parameter}\` \\|(.*)\\|(.*)\\|$`, 'm').exec(
        page('docs/status.md'),
      );
      return (cells ?? [])
        .slice(1)
        .map((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name));
    };
    expect(rowOf('sort')).toEqual(
      [INSTANCE_LIST, USER_LIST].map(({ columns }) => Object.keys(columns)),
    );
    expect(rowOf('show')).toEqual([INSTANCE_LIST, USER_LIST].map(({ shows }) => [...shows]));
  });

  it('docs/design.md has a row for each kind of error, and no other', () => {
    const rows = Object.entries(ERROR_KINDS).map(
      ([kind, { meaning, retry }]) => `| \`${kind}\` | ${meaning} | ${retry} |`,
    );
    const written = page('docs/design.md').match(/^\| `[a-z-]+` \| .* \| .* \|$/gm);
    expect(written).toEqual(rows);
  });

  it.each([
    'README.md',
    'docs/design.md',
    'CHANGELOG.md',
    'docs/scenarios.md',
    'docs/simulator.md',
  ])('%s names only metrics that exist', (path) => {
    const known = new Set([...FLEET_METRICS, ...OWN_METRICS].map(({ name }) => name));
    const named = page(path).match(/\bsag_app_\w+/g) ?? [];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
