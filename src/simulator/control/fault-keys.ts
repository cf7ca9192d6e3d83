import type { z } from 'zod';
import { definedFields } from '../../input/defined-fields.ts';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { integer, section, text } from '../../input/values.ts';
import { EFFECT_KEYS, readEffect } from '../rules/effects.ts';
import type { FaultRule } from '../rules/faults.ts';
import { httpStatus, instanceId, operationName, ratio, someTime, userName } from './values.ts';

/** A fault as people write it. */
export const FAULT_KEYS = {
  name: text('a name')
    .optional()
    .describe('By which it is taken back; by default it is given one.'),
  operation: operationName().optional().describe('Only calls of this operation.'),
  instance: instanceId().optional().describe('Only calls that name this instance.'),
  user: userName().optional().describe('Only calls that name this user.'),
  access_key_id: text('the id of an access key').optional().describe('Only calls with this key.'),
  probability: ratio().prefault(1).describe('How likely such a call is hit.'),
  count: integer(1).optional().describe('How many calls are hit; by default all.'),
  for: someTime().optional().describe('How long it is there; by default for ever.'),
  ...EFFECT_KEYS,
  status: httpStatus().optional().describe('Status of `error` or `body`.'),
  message: text('a text').optional().describe('Message of `error`.'),
};

const fault = section(FAULT_KEYS);

export type FaultKeys = z.output<typeof fault>;

/** What must hold between the keys of a fault. */
export function* checkFault(keys: Mapping): Generator<Finding> {
  const effects = Object.keys(EFFECT_KEYS).filter((effect) => keys[effect] !== undefined);
  if (effects.length !== 1) {
    const expected = `exactly one effect of ${Object.keys(EFFECT_KEYS).join(', ')}`;
    yield { path: [], expected, got: effects.length === 0 ? 'none' : effects.join(' and ') };
  }
  if (keys['message'] !== undefined && keys['error'] === undefined) {
    yield { path: ['message'], expected: 'no message without error', got: 'one' };
  }
  if (keys['status'] !== undefined && keys['error'] === undefined && keys['body'] === undefined) {
    yield { path: ['status'], expected: 'no status without error or body', got: 'one' };
  }
}

/** A fault as the simulator takes it. */
export function toFaultRule(keys: FaultKeys, name: string): FaultRule {
  const { operation, instance, user, access_key_id, probability, count, status, message } = keys;
  const effect = readEffect(keys, { status, message });
  if (effect === undefined) throw new RangeError('checkFault lets no fault without an effect pass');
  return {
    name,
    match: definedFields({
      operation,
      instanceId: instance,
      userName: user,
      accessKeyId: access_key_id,
    }),
    probability,
    ...definedFields({ count }),
    effect,
  };
}
