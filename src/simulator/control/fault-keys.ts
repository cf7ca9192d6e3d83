import { z } from 'zod';
import { given } from '../../input/given.ts';
import type { Mapping } from '../../input/path.ts';
import type { Finding } from '../../input/problem.ts';
import { duration, integer, section, text } from '../../input/values.ts';
import type { FaultEffect, FaultRule, Latency } from '../faults.ts';
import { quirkKeys } from '../quirks/keys.ts';
import { httpStatus, instanceId, operationName, ratio, someTime, userName, yes } from './values.ts';

const LATENCY_EXPECTED = 'either median and p99, or from and to, the shorter time first';

const latency = section({
  median: someTime().optional().describe('Half of the calls take longer.'),
  p99: someTime().optional().describe('One in a hundred takes longer; goes with `median`.'),
  from: duration(0).optional().describe('The shortest time; all up to `to` are as likely.'),
  to: someTime().optional().describe('The longest time; goes with `from`.'),
}).transform(({ median, p99, from, to }, context): Latency => {
  const byPercentiles = median !== undefined && p99 !== undefined && median <= p99;
  const byBounds = from !== undefined && to !== undefined && from <= to;
  if (byPercentiles && from === undefined && to === undefined) {
    return { medianMs: median, p99Ms: p99 };
  }
  if (byBounds && median === undefined && p99 === undefined) return { fromMs: from, toMs: to };
  context.addIssue({ code: 'custom', message: LATENCY_EXPECTED });
  return z.NEVER;
});

/** What a fault does; exactly one is given. */
const EFFECTS = {
  error: text('the code of an error such as ServiceUnavailable', /^\S+$/)
    .optional()
    .describe('An error of the API with this code.'),
  reset: yes().optional().describe('The connection is closed before any answer.'),
  hang: yes().optional().describe('No answer ever comes.'),
  delay: someTime().optional().describe('The answer comes so much later, in real time.'),
  latency: latency
    .optional()
    .describe('The same with a time drawn for each call: log-normal, or even between two.'),
  truncate: yes().optional().describe('The JSON of the answer ends in the middle.'),
  cut: yes().optional().describe('The connection is closed in the middle of the answer.'),
  html: httpStatus().optional().describe("A proxy's error page with this status."),
  empty: httpStatus().optional().describe('This status and no body.'),
  no_code: yes().optional().describe('HTTP 500 with a body that names no error.'),
  body: z
    .string({ error: 'a text' })
    .optional()
    .describe('Any body, with `status`, by default 200.'),
  quirks: quirkKeys()
    .optional()
    .describe('The answer comes by these readings of the documents, as under `quirks`.'),
};

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
  ...EFFECTS,
  status: httpStatus().optional().describe('Status of `error` or `body`.'),
  message: text('a text').optional().describe('Message of `error`.'),
};

const fault = section(FAULT_KEYS);

export type FaultKeys = z.output<typeof fault>;

/** What must hold between the keys of a fault. */
export function* checkFault(keys: Mapping): Generator<Finding> {
  const effects = Object.keys(EFFECTS).filter((effect) => keys[effect] !== undefined);
  if (effects.length !== 1) {
    const expected = `exactly one effect of ${Object.keys(EFFECTS).join(', ')}`;
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
  const { operation, instance, user, access_key_id, probability, count } = keys;
  return {
    name,
    match: given({ operation, instanceId: instance, userName: user, accessKeyId: access_key_id }),
    probability,
    ...given({ count }),
    effect: effectOf(keys),
  };
}

function effectOf(keys: FaultKeys): FaultEffect {
  const { error, status, message, delay, latency: drawn, html, empty, body, quirks } = keys;
  if (error !== undefined)
    return { error: { code: error, ...given({ httpStatus: status, message }) } };
  if (delay !== undefined) return { delayMs: delay };
  if (html !== undefined) return { html };
  if (empty !== undefined) return { empty };
  if (body !== undefined) return { body, httpStatus: status ?? 200 };
  if (drawn !== undefined) return { latency: drawn };
  if (quirks !== undefined) return { quirks };
  if (keys.reset) return { reset: true };
  if (keys.hang) return { hang: true };
  if (keys.truncate) return { truncate: true };
  if (keys.cut) return { cut: true };
  return { status500WithoutCode: true };
}
