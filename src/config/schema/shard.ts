import { z } from 'zod';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { integer, section } from '../../input/values.ts';

export const DEFAULT_TOTAL = 1;

/** Each shard discovers the whole fleet: far below this, discovery alone would use up the budget. */
const LARGEST_TOTAL = 100;

/** The index that stands for the ordinal in the host's name. */
export const HOSTNAME = 'hostname';

const INDEX = { error: 'a whole number from 0 up, or hostname' };

export const shard = section({
  index: z
    .union([z.literal(HOSTNAME), z.int(INDEX).min(0, INDEX)], INDEX)
    .prefault(0)
    .describe(
      "Which part this process watches: a number below `total`, or `hostname`, the ordinal that ends the name of a StatefulSet's pod.",
    ),
  total: integer(1, LARGEST_TOTAL)
    .prefault(DEFAULT_TOTAL)
    .describe(
      'Into how many parts the fleet, and the budget of calls, is divided; the same for every process.',
    ),
})
  .prefault({})
  .describe('The part of the fleet this process watches; see [scaling.md](scaling.md).');

export type ShardFile = z.output<typeof shard>;

export const shardRules: readonly Rule[] = [{ at: 'shard', check: indexBelowTotal }];

function* indexBelowTotal({ index, total = DEFAULT_TOTAL }: Mapping): Generator<Finding> {
  if (typeof index !== 'number' || typeof total !== 'number' || index < total) return;
  yield { path: ['index'], expected: 'a number below total, or hostname', got: 'total or more' };
}
