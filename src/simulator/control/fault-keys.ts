import type { z } from 'zod';
import { definedFields } from '../../input/defined-fields.ts';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { integer, section, text } from '../../input/values.ts';
import { EFFECT_KEYS, effectsWith, readEffect } from '../rules/effects.ts';
import type { FaultRule } from '../rules/faults.ts';
import { httpStatus, ratio, someTime } from '../rules/values.ts';
import { instanceId, operationName, userName } from './values.ts';

export const FAULT_KEYS = {
  name: text('a name')
    .optional()
    .describe('Name by which `remove_fault` takes the fault back; by default a generated one.'),
  operation: operationName().optional().describe('Only calls of this operation.'),
  instance: instanceId().optional().describe('Only calls that name this instance.'),
  user: userName().optional().describe('Only calls that name this user.'),
  access_key_id: text('the id of an access key').optional().describe('Only calls with this key.'),
  probability: ratio().prefault(1).describe('Probability that such a call is hit.'),
  count: integer(1).optional().describe('Number of calls to hit; by default all.'),
  for: someTime().optional().describe('How long the fault stays in force; by default for ever.'),
  ...EFFECT_KEYS,
  status: httpStatus()
    .optional()
    .describe(`Status of ${namesOf(effectsWith('status'))}.`),
  message: text('a text')
    .optional()
    .describe(`Message of ${namesOf(effectsWith('message'))}.`),
};

const DETAILS = ['message', 'status'] as const;

function namesOf(effects: readonly string[]): string {
  return effects.map((effect) => `\`${effect}\``).join(' or ');
}

const fault = section(FAULT_KEYS);

export type FaultKeys = z.output<typeof fault>;

export function* checkFault(keys: Mapping): Generator<Finding> {
  const effects = Object.keys(EFFECT_KEYS).filter((effect) => keys[effect] !== undefined);
  if (effects.length !== 1) {
    const expected = `exactly one effect of ${Object.keys(EFFECT_KEYS).join(', ')}`;
    yield { path: [], expected, got: effects.length === 0 ? 'none' : effects.join(' and ') };
  }
  for (const detail of DETAILS) {
    const allowed = effectsWith(detail);
    if (keys[detail] === undefined || effects.some((effect) => allowed.includes(effect))) continue;
    const expected = `${detail} only together with ${allowed.join(' or ')}`;
    yield { path: [detail], expected, got: 'none of them' };
  }
}

export function toFaultRule(keys: FaultKeys, name: string): FaultRule {
  const { operation, instance, user, access_key_id, probability, count, status, message } = keys;
  const effect = readEffect(keys, { status, message });
  if (effect === undefined)
    throw new RangeError('The fault has no effect, which checkFault should have refused');
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
