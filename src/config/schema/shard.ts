import { z } from 'zod';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { integer, section } from '../../input/values.ts';

export const DEFAULT_TOTAL = 1;

/**
 * Maximum number of shards. Each shard discovers the whole fleet, so discovery alone uses up the budget long before
 * this number is reached.
 */
const LARGEST_TOTAL = 100;

/** The value of `shard.index` that stands for the ordinal at the end of the host name. */
export const HOSTNAME = 'hostname';

const INDEX = { error: 'a whole number from 0 up, or hostname' };

export const shard = section({
  index: z
    .union([z.literal(HOSTNAME), z.int(INDEX).min(0, INDEX)], INDEX)
    .prefault(0)
    .meta({
      description:
        "Which part this process watches: a number below `total`, or `hostname` for the ordinal at the end of a StatefulSet pod's name.",
      example: 'hostname',
    }),
  total: integer(1, LARGEST_TOTAL)
    .prefault(DEFAULT_TOTAL)
    .describe(
      'Number of parts into which the fleet and the call budget are divided; must be the same in every process.',
    ),
})
  .prefault({})
  .describe('The part of the fleet that this process watches; see [scaling.md](scaling.md).');

export type ShardFile = z.output<typeof shard>;

export const shardRules: readonly Rule[] = [{ at: 'shard', check: indexBelowTotal }];

function* indexBelowTotal({ index, total = DEFAULT_TOTAL }: Mapping): Generator<Finding> {
  if (typeof index !== 'number' || typeof total !== 'number' || index < total) return;
  yield {
    path: ['index'],
    expected: 'a number below total, or hostname',
    got: 'a number that is not below total',
  };
}
