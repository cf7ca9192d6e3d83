import { z } from 'zod';
import { account } from './schema-account.ts';
import { type FINDING, instance, type SEATS, type SEVERITIES } from './schema-instance.ts';
import { count, error, section, type stage, time } from './schema-parts.ts';
import { user } from './user-columns.ts';

/** The shape of the JSON under /api/v1; fields are added, never renamed or given another meaning. */
export const SHAPE_VERSION = 1;

const problem = section({
  severity: z.enum(['error', 'warning', 'info']).describe('How bad it is.'),
  text: z.string().describe('What is the matter.'),
  advice: z.string().optional().describe('What to do; absent where the text says so already.'),
  instance: section({
    account: z.string().describe('Name of its account.'),
    regionId: z.string().describe('Its region.'),
    instanceId: z.string().describe('Its id.'),
  })
    .optional()
    .describe(
      'The instance that has the problem; absent when it is not the problem of one instance.',
    ),
});

const failedCalls = section({
  account: z.string().describe('Name of the account.'),
  count: count().describe('How often calls failed so since the exporter started.'),
  lastTime: time().describe('When one last did.'),
  error: error.describe('The newest.'),
});

const page = {
  total: count().describe('How many there are.'),
  matching: count().describe('How many the query picks.'),
  page: z.int().positive().describe('Page of them, from 1.'),
  pages: z.int().positive().describe('How many pages there are.'),
  perPage: z.int().positive().describe('How many make a page.'),
};

const head = {
  version: z.literal(SHAPE_VERSION).describe('Of this shape.'),
  time: time().describe('When this was said.'),
};

const privacy = section({
  detail: z.enum(['instances', 'users', 'sessions']).describe('`metrics.detail`.'),
  userName: z.enum(['plain', 'hash', 'omit']).describe('`metrics.user_name`.'),
  userMail: z.boolean().describe('`metrics.user_mail`.'),
  clientAddresses: z.boolean().describe('Whether addresses of clients are told.'),
}).describe('What of users may be told, by the configuration.');

/** What `GET /api/v1/status` answers. */
export const statusShape = section({
  ...head,
  exporter: section({
    version: z.string().describe('Version of the exporter.'),
    revision: z.string().optional().describe('Commit it was built from; absent when unknown.'),
    nodeVersion: z.string().describe('Version of Node.js.'),
    startTime: time().describe('When it started.'),
    ready: z.boolean().describe('As `/-/ready`.'),
    lastScrape: time().optional().describe('When metrics were last read; absent before.'),
    seriesExposed: count()
      .optional()
      .describe('Per-user and per-session series of that scrape; absent before.'),
    seriesDropped: count().optional().describe('Those left out by `metrics.max_user_series`.'),
    configurationLoaded: time().describe('When the configuration in force was loaded.'),
    configurationRefused: time()
      .optional()
      .describe('When a newer one could not be used; absent when none was since.'),
    configurationProblems: z.array(z.string()).describe('What is wrong with that.'),
  }).describe('The exporter itself.'),
  privacy,
  problems: z.array(problem).describe('What needs attention, in words, the worst first.'),
  fleet: section({
    instances: count().describe('Instances watched.'),
    instancesUp: count().describe('Those that are up.'),
    instancesNeedingAttention: count().describe('Those with findings.'),
    discovered: z
      .boolean()
      .describe(
        'Whether it is known which instances there are: each discovery has succeeded once.',
      ),
    users: count()
      .optional()
      .describe('Users of the instances whose users are known; absent while there is none.'),
    usersInstances: count().describe('Number of instances whose users are in the sum.'),
    usersLimit: count().optional().describe('Sum of the limits; absent while one is unknown.'),
    onlineUsers: count()
      .optional()
      .describe(
        'Users online of the instances that have been counted; absent while there is none.',
      ),
    onlineClients: count().optional().describe('Clients online of the same instances.'),
    onlineInstances: count().describe('Number of instances that are in these two sums.'),
  }).describe('Sums over all instances.'),
  instances: section({
    ...page,
    items: z.array(instance).describe('The instances of this page.'),
  }).describe('A page of the instances.'),
  accounts: z.array(account).describe('The accounts of the configuration.'),
  failedCalls: z
    .array(failedCalls)
    .describe('Calls that failed, by what failed, the newest first.'),
});

/** What `GET /api/v1/instances/ACCOUNT/REGION/INSTANCE` answers. */
export const instanceShape = section({
  ...head,
  privacy,
  instance: instance.describe('As in /api/v1/status.'),
  users: section({ ...page, items: z.array(user).describe('The users of this page.') })
    .optional()
    .describe('Absent with `metrics.detail: instances`, and while they are not known or stale.'),
});

export type Status = z.infer<typeof statusShape>;
export type InstancePage = z.infer<typeof instanceShape>;
export type InstanceStatus = z.infer<typeof instance>;
export type AccountStatus = z.infer<typeof account>;
export type StageStatus = z.infer<typeof stage>;
export type ErrorStatus = z.infer<typeof error>;
export type Problem = z.infer<typeof problem>;
export type Privacy = z.infer<typeof privacy>;
export type Severity = z.infer<typeof SEVERITIES>;
export type SeatsState = z.infer<typeof SEATS>;
export type InstanceFinding = z.infer<typeof FINDING>;
