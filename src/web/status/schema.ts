import { z } from 'zod';
import { account } from './schema-account.ts';
import {
  type FINDING,
  instance,
  type SEATS,
  type SEVERITIES,
  unusedSeats,
} from './schema-instance.ts';
import { count, error, privacy, section, type stage, time } from './schema-parts.ts';
import { user } from './user-columns.ts';

/** Version of the JSON under /api/v1. Fields may be added; no field is renamed or changes its meaning. */
export const SHAPE_VERSION = 1;

const problem = section({
  severity: z.enum(['error', 'warning', 'info']).describe('How bad it is.'),
  text: z.string().describe('What the problem is.'),
  advice: z.string().optional().describe('What to do; absent when the text says it already.'),
  runbook: z.url().optional().describe('Address of its runbook; absent when there is none.'),
  instance: section({
    account: z.string().describe('Name of its account.'),
    regionId: z.string().describe('Its region.'),
    instanceId: z.string().describe('Its id.'),
  })
    .optional()
    .describe('The instance with the problem; absent when the problem is not about one instance.'),
});

const failedCalls = section({
  account: z.string().describe('Name of the account.'),
  count: count().describe('Calls that failed in this way since the exporter started.'),
  lastTime: time().describe('Time of the newest.'),
  error: error.describe('Error of the newest.'),
});

const page = {
  total: count().describe('Number of all items, without the query.'),
  matching: count().describe('Number of items that match the query.'),
  page: z.int().positive().describe('Number of this page, from 1.'),
  pages: z.int().positive().describe('Number of pages.'),
  perPage: z.int().positive().describe('Items on a page.'),
};

const head = {
  version: z.literal(SHAPE_VERSION).describe('Version of this JSON.'),
  time: time().describe('Time of this answer.'),
};

const keepsState = () =>
  z
    .boolean()
    .describe(
      'Whether the state is kept on disk (`--storage.path`). While it is not, a restart forgets when users were last online.',
    );

/** The answer to `GET /api/v1/status`. */
export const statusShape = section({
  ...head,
  exporter: section({
    version: z.string().describe('Version of the exporter.'),
    revision: z.string().optional().describe('Commit it was built from; absent when unknown.'),
    nodeVersion: z.string().describe('Version of Node.js.'),
    startTime: time().describe('When it started.'),
    ready: z.boolean().describe('As `/-/ready`.'),
    lastScrape: time().optional().describe('Time of the last scrape; absent before the first.'),
    seriesExposed: count()
      .optional()
      .describe('Per-user and per-session series of that scrape; absent before the first.'),
    seriesDropped: count()
      .optional()
      .describe('Series that `metrics.max_user_series` left out of it.'),
    keepsState: keepsState(),
    configurationLoaded: time().describe('When the configuration in force was loaded.'),
    configurationRefused: time()
      .optional()
      .describe('When a newer configuration was refused as invalid; absent unless one was.'),
    configurationProblems: z.array(z.string()).describe('Problems of the refused configuration.'),
  }).describe('The exporter itself.'),
  privacy,
  problems: z.array(problem).describe('Problems that need attention, the worst first.'),
  fleet: section({
    instances: count().describe('Instances watched.'),
    instancesUp: count().describe('Instances that are up.'),
    instancesNeedingAttention: count().describe('Instances with findings.'),
    discovered: z
      .boolean()
      .describe('Whether all instances are known: discovery has succeeded once everywhere.'),
    users: count()
      .optional()
      .describe(
        'Users of all instances whose users are known; absent while there is no such instance.',
      ),
    usersInstances: count().describe('Number of instances whose users are in the sum.'),
    usersLimit: count().optional().describe('Sum of the limits; absent while one is unknown.'),
    onlineUsers: count()
      .optional()
      .describe(
        'Users online in all instances whose count is known; absent while there is no such instance.',
      ),
    onlineClients: count().optional().describe('Clients online of the same instances.'),
    onlineInstances: count().describe('Number of instances in these two sums.'),
    usersUnused: z
      .array(unusedSeats)
      .describe(
        'Unused users, whose seats could be freed: an entry for each `metrics.unused_after`.',
      ),
  }).describe('Sums over all instances.'),
  instances: section({
    ...page,
    items: z.array(instance).describe('The instances of this page.'),
  }).describe('A page of the instances.'),
  accounts: z.array(account).describe('The accounts of the configuration.'),
  failedCalls: z
    .array(failedCalls)
    .describe('Failed calls, grouped by account, operation and error, the newest first.'),
});

/** The answer to `GET /api/v1/instances/ACCOUNT/REGION/INSTANCE`. */
export const instanceShape = section({
  ...head,
  privacy,
  keepsState: keepsState(),
  instance: instance.describe('As in /api/v1/status.'),
  users: section({ ...page, items: z.array(user).describe('The users of this page.') })
    .optional()
    .describe(
      'Absent when the privacy settings hide users, while the users are unknown or stale, and while nothing can be called unused for as long as `unused_for` says.',
    ),
  usersAbsent: z.string().optional().describe('Why there is no `users`.'),
});

export type Status = z.infer<typeof statusShape>;
export type InstancePage = z.infer<typeof instanceShape>;
export type InstanceStatus = z.infer<typeof instance>;
export type AccountStatus = z.infer<typeof account>;
export type StageStatus = z.infer<typeof stage>;
export type ErrorStatus = z.infer<typeof error>;
export type Problem = z.infer<typeof problem>;
export type Severity = z.infer<typeof SEVERITIES>;
export type SeatsState = z.infer<typeof SEATS>;
export type InstanceFinding = z.infer<typeof FINDING>;
