import { expect, test } from 'vitest';
import { nearestTests } from '../../scripts/mutants/nearest-tests.ts';

const IMPORTS = [
  { from: 'test/far.test.ts', to: 'src/user.ts' },
  { from: 'src/user.ts', to: 'src/lib/tool.ts' },
  { from: 'test/near.test.ts', to: 'src/lib/tool.ts' },
  { from: 'test/lib/tool.test.ts', to: 'src/lib/tool.ts' },
  { from: 'test/other.test.ts', to: 'src/other.ts' },
  { from: 'test/e2e/tool.test.ts', to: 'src/lib/tool.ts' },
  // A cycle.
  { from: 'src/lib/tool.ts', to: 'src/user.ts' },
];

test('the tests that import a source over the fewest files come first, but no end-to-end tests', () => {
  expect(nearestTests('src/lib/tool.ts', IMPORTS)).toEqual([
    'test/near.test.ts',
    'test/lib/tool.test.ts',
    'test/far.test.ts',
  ]);
});

test('a source that no test imports has none', () => {
  expect(nearestTests('src/alone.ts', IMPORTS)).toEqual([]);
});
