import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { metricReference } from '../../src/metrics/reference.ts';
import { ERROR_KINDS } from '../../src/model/api-error.ts';
import { errorReference } from '../../src/simulator/reference.ts';

const page = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the pages', () => {
  it('docs/metrics.md is what the catalog makes it', () => {
    expect(page('docs/metrics.md')).toBe(metricReference());
  });

  it('docs/simulator-errors.md is what the simulator makes it', () => {
    expect(page('docs/simulator-errors.md')).toBe(errorReference());
  });

  it('docs/design.md has a row for each kind of error, and no other', () => {
    const rows = Object.entries(ERROR_KINDS).map(
      ([kind, { meaning, retry }]) => `| \`${kind}\` | ${meaning} | ${retry} |`,
    );
    const written = page('docs/design.md').match(/^\| `[a-z-]+` \| .* \| .* \|$/gm);
    expect(written).toEqual(rows);
  });

  it.each(['README.md', 'docs/design.md', 'CHANGELOG.md'])(
    '%s names only metrics that exist',
    (path) => {
      const known = new Set([...FLEET_METRICS, ...OWN_METRICS].map(({ name }) => name));
      const named = page(path).match(/\bsag_app_\w+/g) ?? [];
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});
