import { describe, expect, it } from 'vitest';
import { projectFile as page } from '../../scripts/generated-file.ts';
import { GENERATORS } from '../../scripts/generators.ts';
import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { ERROR_KINDS } from '../../src/model/api-error.ts';
import { loadScenario } from '../../src/simulator/index.ts';
import { INSTANCE_LIST } from '../../src/web/status/instance-list.ts';
import { USER_LIST } from '../../src/web/status/user-query.ts';

describe('the pages', () => {
  it.each(GENERATORS.docs())('$path is what `npm run docs` writes', ({ path, text }) => {
    expect(page(path)).toBe(text);
  });

  it('docs/scenarios.md shows only scenarios that load', async () => {
    const shown = page('docs/scenarios.md').matchAll(/^```yaml\n# A scenario\n([\s\S]*?)^```$/gm);
    const texts = [...shown].map(([, text = '']) => text);
    expect(texts).toHaveLength(4);
    for (const text of texts) {
      await expect(loadScenario('page', { readFile: async () => text })).resolves.toBeDefined();
    }
  });

  it('docs/simulator.md lists a quirk that the table of quirks has', () => {
    expect(page('docs/simulator.md')).toContain('`expired_instances`');
  });

  it('docs/simulator.md shows the example that simulator-example.test.ts runs', () => {
    const [, shown] = /^```ts\n([\s\S]*?)^```$/m.exec(page('docs/simulator.md')) ?? [];
    expect(shown?.replace('sag-app-exporter/simulator', '../../src/simulator/index.ts')).toBe(
      page('test/docs/simulator-example.test.ts'),
    );
  });

  it('docs/status.md names every value of `sort` and `show`, and no other', () => {
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
