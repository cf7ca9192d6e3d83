import { find, isMapping, type Mapping } from './path.ts';
import type { Finding } from './problem.ts';

/**
 * A condition on several keys of a section, which a schema of single keys cannot express. A rule reads values
 * that are not yet validated, so that its problems are reported together with those of single keys. It
 * ignores values of a wrong type, because the schema reports them.
 */
export interface Rule {
  /** The sections that are checked, as a pattern of {@link find}. */
  readonly at: string;
  /** Finds the problems of one of these sections. The paths of the problems are relative to the section. */
  readonly check: (section: Mapping) => Iterable<Finding>;
}

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
