import { find } from '../input/path.ts';
import type { Finding } from '../input/problem.ts';

/**
 * What the configuration can say and this version cannot do: refused, so that nothing is silently
 * ignored. Once a thing is built its row goes, and nothing else changes.
 */
const NOT_YET: readonly NotYet[] = [
  {
    at: 'shard.total',
    asks: (value) => typeof value === 'number' && value > 1,
    expected: '1',
    got: 'more',
  },
];

interface NotYet {
  /** A pattern of {@link find}. */
  readonly at: string;
  /** Whether a value asks for what is not there yet. */
  readonly asks: (value: unknown) => boolean;
  /** What can be configured instead. */
  readonly expected: string;
  /** The word for what is asked instead. */
  readonly got: string;
}

/** What in the file is not supported by this version. */
export function* findNotYet(file: unknown): Generator<Finding> {
  for (const { at, asks, expected, got } of NOT_YET) {
    for (const { path, value } of find(file, at)) {
      if (asks(value))
        yield { path, expected, got: `${got}, which is not supported by this version` };
    }
  }
}
