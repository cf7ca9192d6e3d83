import { z } from 'zod';
import {
  INSTANCE_STAGES,
  type OptionalStage,
  type RequiredStage,
  STAGES,
} from '../../model/stage.ts';
import { amount, count, error, section, stage, time } from './schema-parts.ts';

export const SEVERITIES = z.enum(['ok', 'warning', 'critical']);
export const SEATS = z.enum(['ok', 'filling-up', 'nearly-full', 'full', 'over-limit']);
const SUBSCRIPTION = z.enum(['ok', 'ending', 'nearly-ended', 'ended']);
/** The worst first. */
export const FINDING = z.enum([
  'unreadable',
  'ended',
  'over-limit',
  'full',
  'nearly-full',
  'nearly-ended',
  'stale',
  'filling-up',
  'ending',
]);

/** A property for each stage. The property of an optional stage is optional. */
const stageSections = Object.fromEntries(
  INSTANCE_STAGES.map((name, index) => {
    const { reads, isEnabled } = STAGES[name];
    const text = index === 0 ? `${reads}.` : `${reads}; the same fields.`;
    return [name, (isEnabled ? stage.optional() : stage).describe(text)];
  }),
) as Record<RequiredStage, typeof stage> & Record<OptionalStage, z.ZodOptional<typeof stage>>;

const unusedFor = {
  unusedFor: z.string().describe('The time as it is configured, such as 90d.'),
  seconds: amount().describe('The same in seconds.'),
};

const unusedUsers = section({
  ...unusedFor,
  users: count()
    .optional()
    .describe(
      'Users who were watched for so long without being online; absent until the instance was watched for so long, and while the online stage is stale.',
    ),
});

/** The sum over the fleet. */
export const unusedSeats = section({
  ...unusedFor,
  users: count()
    .optional()
    .describe('Such users of all instances where this is known; absent while there is none.'),
  instances: count().describe('Number of instances in this sum.'),
});

export const instance = section({
  account: z.string().describe('Name of the account in the configuration.'),
  regionId: z.string().describe('Region, such as cn-shanghai.'),
  instanceId: z.string().describe('Id of the instance.'),
  name: z.string().optional().describe('Its name; absent when unknown.'),
  status: z.string().optional().describe('Its state in the words of the API; absent when unknown.'),
  up: z.boolean().describe('As `sag_app_instance_up`.'),
  condition: z
    .enum(['down', 'critical', 'warning', 'starting', 'ok'])
    .describe(
      'The worst of: `down`, the instance cannot be read, because the newest pass of a stage failed or the account is paused (its users are not affected); `critical`, users at 95 % of the limit, or a subscription that has ended or ends within 7 days; `warning`, users at 85 % of the limit, a stale stage, or a subscription that ends within 30 days; `starting`, not read yet; `ok`.',
    ),
  findings: z
    .array(FINDING)
    .describe(
      'Its findings, the worst first: `unreadable`, `stale`, and the states of users and subscription that are not `ok`.',
    ),
  errors: z
    .array(error)
    .describe(
      'Why it cannot be read now, each reason once; while the account is paused, only the reason of the pause.',
    ),
  users: count().optional().describe('Users, enabled and disabled.'),
  usersEnabled: count().optional().describe('Enabled users.'),
  usersDisabled: count().optional().describe('Disabled users.'),
  usersLimit: count().optional().describe('Limit of users.'),
  usersLimitUsedRatio: amount().optional().describe('Users as a share of the limit.'),
  usersLimitLevel: SEVERITIES.optional().describe(
    '`warning` from 85 % of the limit, `critical` from 95 %.',
  ),
  usersLimitState: SEATS.optional().describe(
    '`filling-up` from 85 % of the limit, `nearly-full` from 95 %, `full` at the limit, `over-limit` above it.',
  ),
  usersFree: count().optional().describe('Users that may still be added.'),
  usersUnused: z
    .array(unusedUsers)
    .describe(
      'Unused users: those who were not online for a time, an entry for each `metrics.unused_after`.',
    ),
  watchedSince: time()
    .optional()
    .describe(
      'Since when it is recorded who is online; absent before the first complete online pass.',
    ),
  watchedSeconds: amount()
    .optional()
    .describe(
      'Seconds since then, without the times in which the exporter was down or could not count.',
    ),
  onlineUsers: count().optional().describe('Users with a client online.'),
  onlineClients: count().optional().describe('Clients online.'),
  oldestSessionStart: time().optional().describe('Start of the longest-running session.'),
  oldestSessionSeconds: amount().optional().describe('Its age.'),
  sessionsStarted: count().describe('Sessions that the exporter has seen start.'),
  sessionsEnded: count().describe('Sessions that the exporter has seen end.'),
  doubts: z
    .array(z.string())
    .describe('Implausible values of the API, each described in a sentence. They are not shown.'),
  bandwidthLimitBytesPerSecond: amount().optional().describe('Bandwidth of the instance.'),
  bandwidthAllocatedBytesPerSecond: amount()
    .optional()
    .describe('Sum of the bandwidth of its enabled users.'),
  subscriptionEnd: time().optional().describe('End of the subscription.'),
  subscriptionState: SUBSCRIPTION.optional().describe(
    '`ending` in the last 30 days, `nearly-ended` in the last 7 days, `ended`.',
  ),
  subscriptionLeftSeconds: count().optional().describe('Seconds until its end; 0 after it.'),
  subscriptionOverSeconds: count().optional().describe('Seconds since its end; 0 before it.'),
  stages: section(stageSections).describe(
    'State of its stages. `traffic` is absent unless it is polled.',
  ),
});
