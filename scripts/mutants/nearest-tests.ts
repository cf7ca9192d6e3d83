import type { Import } from '../../test/support/architecture.ts';

/** The test files that import a source, directly or through others, nearest first. */
export function nearestTests(source: string, imports: readonly Import[]): readonly string[] {
  const importers = new Map<string, string[]>();
  for (const { from, to } of imports) importers.set(to, [...(importers.get(to) ?? []), from]);
  const reached = new Set([source]);
  // The set grows while it is walked, so files come in the order of their distance.
  for (const file of reached) {
    for (const from of importers.get(file) ?? []) reached.add(from);
  }
  // End-to-end tests start what was built before, so no mutant shows in them.
  return [...reached].filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/e2e/'));
}
