import { z } from 'zod';
import { definedFields } from '../../../input/defined-fields.ts';
import type { Mapping } from '../../../input/path.ts';
import type { Finding } from '../../../input/problem.ts';
import { oneOf, positive, section, text } from '../../../input/values.ts';
import { someTime } from '../../rules/values.ts';
import { defineAction } from '../action.ts';
import { instanceId, operationName } from '../values.ts';

const OPERATION = operationName()
  .optional()
  .describe('Only calls of this operation; by default each operation is counted separately.');
const ACCESS_KEY = text('the id of an access key')
  .optional()
  .describe('Only calls with this key; by default each key is counted separately.');
const INSTANCE = instanceId().optional().describe('Only calls that name this instance.');

function calls() {
  const error = 'a number of calls from 0 up';
  return z.number({ error }).min(0, { error });
}

export const setLimit = defineAction({
  name: 'set_limit',
  does: 'Limits the rate of calls, in place of the limit for the same operation and key.',
  takes: section({
    limit: calls().describe('Number of calls to let through.'),
    kind: oneOf(['sliding-second', 'fixed-window', 'token-bucket'])
      .prefault('sliding-second')
      .describe(
        '`sliding-second`: `limit` calls in any second; `fixed-window`: in each `window`; `token-bucket`: a second on average.',
      ),
    window: someTime().optional().describe('Only for `fixed-window`; by default one second.'),
    burst: positive()
      .optional()
      .describe('Calls at once, only for `token-bucket`; by default `limit`.'),
    retry_after: someTime()
      .optional()
      .describe('Sent with each refusal as `x-acs-retry-after`; by default not sent.'),
    operation: OPERATION,
    access_key_id: ACCESS_KEY,
  }),
  check: kindOfLimit,
  perform({ limits }, keys) {
    const { kind, limit, window, burst, retry_after, operation, access_key_id } = keys;
    const scope = definedFields({ operation, accessKeyId: access_key_id });
    const details = definedFields({ windowMs: window, burst, retryAfterMs: retry_after });
    limits.set({ kind, limit, ...details, ...scope });
  },
});

export const liftLimit = defineAction({
  name: 'lift_limit',
  does: 'Removes the limit that was set for exactly this operation and key.',
  takes: section({ operation: OPERATION, access_key_id: ACCESS_KEY }),
  perform({ limits }, { operation, access_key_id }) {
    if (!limits.remove(definedFields({ operation, accessKeyId: access_key_id }))) {
      throw new Error('No limit is set for exactly this operation and key');
    }
  },
});

const DENIED = {
  operation: OPERATION.describe('Only calls of this operation; by default all.'),
  instance: INSTANCE,
  access_key_id: ACCESS_KEY.describe('Only calls with this key.'),
};

export const deny = defineAction({
  name: 'deny',
  does: 'Answers calls with Forbidden, as if a RAM statement were missing.',
  takes: section(DENIED),
  perform: ({ permissions }, { operation, instance, access_key_id }) =>
    permissions.deny(
      definedFields({ operation, instanceId: instance, accessKeyId: access_key_id }),
    ),
});

export const allow = defineAction({
  name: 'allow',
  does: 'Takes back every denial that has all of these keys; without keys, every denial.',
  takes: section(DENIED),
  perform: ({ permissions }, { operation, instance, access_key_id }) =>
    permissions.allow(
      definedFields({ operation, instanceId: instance, accessKeyId: access_key_id }),
    ),
});

function* kindOfLimit(keys: Mapping): Generator<Finding> {
  const kind = keys['kind'] ?? 'sliding-second';
  for (const [key, of] of [
    ['window', 'fixed-window'],
    ['burst', 'token-bucket'],
  ] as const) {
    if (keys[key] === undefined || kind === of) continue;
    yield { path: [key], expected: `${key} only with kind: ${of}`, got: `kind: ${kind}` };
  }
}
