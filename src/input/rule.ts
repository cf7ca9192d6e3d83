import { find, isMapping, type Mapping } from './path.ts';
import type { Finding } from './problem.ts';

/**
 * A rule between keys, which the schema of single keys cannot say. It reads the file as written, so
 * that it is applied also when some keys are wrong, and keeps silent about those.
 */
export interface Rule {
  /** The sections it looks at, as a pattern of {@link find}. */
  readonly at: string;
  /** What is wrong in one such section; paths are relative to it. */
  readonly check: (section: Mapping) => Iterable<Finding>;
}

/** What `rules` find in `tree`. */
export function* applyRules(rules: readonly Rule[], tree: unknown): Generator<Finding> {
  for (const { at, check } of rules) {
    for (const { path, value } of find(tree, at)) {
      if (!isMapping(value)) continue;
      for (const finding of check(value)) {
        yield { ...finding, path: [...path, ...finding.path] };
      }
    }
  }
}
