import { z } from 'zod';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import type { Rule } from '../../input/rule.ts';
import { integer, section } from '../../input/values.ts';

const DEFAULT_TOTAL = 1;

const INDEX = { error: 'a whole number from 0 up, or hostname' };

export const shard = section({
  index: z
    .union([z.literal('hostname'), z.int(INDEX).min(0, INDEX)], INDEX)
    .prefault(0)
    .describe(
      'Which part this process watches: a number below `total`, or `hostname`, the ordinal of a StatefulSet pod.',
    ),
  total: integer(1).prefault(DEFAULT_TOTAL).describe('Into how many parts the fleet is divided.'),
})
  .prefault({})
  .describe('The part of the fleet this process watches.');

export const shardRules: readonly Rule[] = [{ at: 'shard', check: indexBelowTotal }];

function* indexBelowTotal({ index, total = DEFAULT_TOTAL }: Mapping): Generator<Finding> {
  if (typeof index !== 'number' || typeof total !== 'number' || index < total) return;
  yield { path: ['index'], expected: 'a number below total, or hostname', got: 'total or more' };
}
