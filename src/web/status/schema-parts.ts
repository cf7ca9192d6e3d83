import { z } from 'zod';
import { ERROR_KINDS, type ErrorKind } from '../../model/api-error.ts';

export const time = () => z.iso.datetime();
export const count = () => z.int().nonnegative();
export const amount = () => z.number().nonnegative();
const share = () => z.number().min(0).max(1);
/** An object whose unknown fields are absent. */
export const section = z.strictObject;

export const error = section({
  kind: z
    .enum(Object.keys(ERROR_KINDS) as [ErrorKind, ...ErrorKind[]])
    .describe('Kind of the error, as in docs/design.md.'),
  operation: z.string().describe('The API action that failed.'),
  code: z.string().optional().describe("The API's own code; absent without one."),
  requestId: z.string().optional().describe("The API's id of the call; absent without one."),
  httpStatus: z.int().optional().describe('HTTP status of the answer; absent without one.'),
  message: z.string().describe('What happened.'),
  advice: z.string().optional().describe('What to do; absent when the message says it already.'),
});

export const stage = section({
  lastSuccess: time().optional().describe('When a pass last succeeded; absent before the first.'),
  ageSeconds: amount().optional().describe('Seconds since then.'),
  stale: z.boolean().describe('Whether its data are too old to be shown, here and on /metrics.'),
  lastPass: z
    .enum(['succeeded', 'failed'])
    .optional()
    .describe('How the newest pass ended; absent before the first.'),
  running: z.boolean().describe('Whether a pass is running.'),
  progressRatio: share().describe(
    'Share of the running pass that is done; 1 when none is running.',
  ),
  lastDurationSeconds: amount().optional().describe('How long the last successful pass took.'),
  intervalSeconds: amount().describe('Time from the start of a pass to the start of the next.'),
  failures: count().describe('Passes that failed since the exporter started.'),
  error: error.optional().describe('Why the newest pass failed; absent when it succeeded.'),
});

export const privacy = section({
  detail: z.enum(['instances', 'users', 'sessions']).describe('`metrics.detail`.'),
  userName: z.enum(['plain', 'hash', 'omit']).describe('`metrics.user_name`.'),
  userMail: z.boolean().describe('`metrics.user_mail`.'),
  clientAddresses: z.boolean().describe('Whether client addresses are shown.'),
}).describe('The privacy settings: what is shown of users.');

export type Privacy = z.infer<typeof privacy>;
