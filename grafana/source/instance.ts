import {
  ENABLED,
  ENDED,
  LONG,
  MARKS,
  NEAR_LIMIT,
  NOT_WATCHED,
  OLD,
  REACHED,
  SOON,
  UP,
} from './marks.ts';
import { overTime, ranking, stat, table } from './panels.ts';
import type { Parts } from './put-together.ts';
import {
  AGE,
  BANDWIDTH_ALLOCATED_SHARE,
  LIMIT_USED,
  OLDEST_SESSION_AGE,
  perInstance,
  rateOf,
  SUBSCRIPTION_LEFT,
  secondsSince,
  selected,
  TIME_TO_LIMIT,
  USERS,
  USERS_IN_A_WEEK,
  USERS_LIMIT,
  USERS_UNUSED,
} from './queries.ts';
import { account, instance, region, unusedFor, user } from './variables.ts';

/** Per-user metrics of the chosen users. */
function perUser(metric: string): string {
  return `max by (user_name) (${selected(metric, 'user_name=~"$user"')})`;
}

const ONLINE = `${perUser('sag_app_user_online_clients')} > 0`;
const SESSION_START = perUser('sag_app_user_session_start_timestamp_seconds');

/** Since when each user was not seen online, or, for a user who was never seen online, since when it is watched. */
const UNUSED_SINCE = [
  'sag_app_user_last_online_timestamp_seconds',
  'sag_app_user_first_seen_timestamp_seconds',
]
  .map((metric) => `max by (user_name) (${selected(metric)})`)
  .join(' or ');

/**
 * Days since the unused users were seen online. The exporter counts the users who are unused; this query takes as
 * many of those who were not seen for the longest time. A comparison of the days with the chosen time would also
 * count times in which the exporter did not watch.
 */
const DAYS_UNUSED = `topk(scalar(max(${USERS_UNUSED}) or vector(0)), ${secondsSince(`(${UNUSED_SINCE})`)} / 86400) and on (user_name) ${perUser('sag_app_user_enabled')}`;

/** The values of the unused users. */
function ofUnused(metric: string): string {
  return `${perUser(metric)} and on (user_name) (${DAYS_UNUSED})`;
}

/** The duration that this share of the sessions that ended in the last day did not exceed. */
function sessionDuration(share: number): string {
  const ended = `rate(${selected('sag_app_session_duration_seconds_bucket')}[1d])`;
  return `histogram_quantile(${share}, max by (le) (${ended}))`;
}

/** In bits per second, like the API and the console. */
function bits(metric: string, also: readonly string[] = []): string {
  return `8 * ${perInstance(metric, also)}`;
}

const NOW = [
  stat({
    title: 'State',
    description:
      'Up: the newest pass of every stage succeeded. Not up: the failures below show the reason, and Age shows how old the data is.',
    unit: 'none',
    queries: [{ expr: perInstance('sag_app_instance_up'), legend: 'state' }],
    worry: UP,
    mappings: MARKS,
    width: 3,
  }),
  stat({
    title: 'Users and limit',
    description: 'Users, enabled and disabled, and the user limit of the instance.',
    unit: 'short',
    queries: [
      { expr: USERS, legend: 'users' },
      { expr: USERS_LIMIT, legend: 'limit' },
    ],
    width: 4,
  }),
  stat({
    title: 'User limit in use',
    description: 'At 100 % no user can be added.',
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: LIMIT_USED, legend: 'used' }],
    worry: NEAR_LIMIT,
    width: 3,
  }),
  stat({
    title: 'Reaches its limit in',
    description:
      'If it keeps growing as in the last three days. Less than one user a month counts as no growth.',
    unit: 's',
    decimals: 0,
    noValue: 'no growth',
    mappings: REACHED,
    queries: [{ expr: TIME_TO_LIMIT, legend: 'left' }],
    worry: SOON,
    width: 3,
  }),
  stat({
    title: 'Online',
    description: 'Users with a connected client, and clients; a user may have several.',
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_online_users'), legend: 'users' },
      { expr: perInstance('sag_app_online_clients'), legend: 'clients' },
    ],
    width: 4,
  }),
  stat({
    title: 'Longest session',
    description: 'Age of the oldest session.',
    unit: 's',
    decimals: 0,
    noValue: 'nobody online',
    queries: [{ expr: OLDEST_SESSION_AGE, legend: 'age' }],
    worry: LONG,
    width: 2,
  }),
  stat({
    title: 'Subscription left',
    description: 'Time until the subscription ends. Afterwards no user can connect.',
    unit: 's',
    decimals: 0,
    mappings: ENDED,
    queries: [{ expr: SUBSCRIPTION_LEFT, legend: 'left' }],
    worry: SOON,
    width: 3,
  }),
  stat({
    title: 'Age',
    description: 'Age of the data of the oldest stage. The dashboard is no newer than that.',
    unit: 's',
    decimals: 0,
    queries: [{ expr: `max(${AGE})`, legend: 'age' }],
    worry: OLD,
    width: 2,
  }),
];

const USERS_ROW = [
  overTime({
    title: 'Users by state, and the limit',
    description: 'Enabled and disabled users both count against the limit (dashed).',
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_users', ['state']), legend: '{{state}}' },
      { expr: USERS_LIMIT, legend: 'limit' },
    ],
    stacked: true,
    dashed: '^limit$',
    width: 12,
  }),
  overTime({
    title: 'Users, forecast one week ahead',
    description:
      'Users, and the forecast for one week later, from the growth of the three days before. When the forecast crosses the limit (dashed), the limit is a week away.',
    unit: 'short',
    queries: [
      { expr: USERS, legend: 'users' },
      { expr: USERS_IN_A_WEEK, legend: 'a week later' },
      { expr: USERS_LIMIT, legend: 'limit' },
    ],
    dashed: '^limit$',
    width: 12,
  }),
];

const ONLINE_ROW = [
  overTime({
    title: 'Online',
    description: 'Users with at least one connected client, and connected clients.',
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_online_clients'), legend: 'clients' },
      { expr: perInstance('sag_app_online_users'), legend: 'users' },
    ],
    width: 12,
  }),
  overTime({
    title: 'Logins and logouts per minute',
    description:
      'Sessions that began and ended between two passes. A session shorter than the polling interval may not be noticed.',
    unit: 'cpm',
    queries: [
      { expr: `60 * ${rateOf('sag_app_sessions_started_total')}`, legend: 'logins' },
      { expr: `60 * ${rateOf('sag_app_sessions_ended_total')}`, legend: 'logouts' },
    ],
    width: 12,
  }),
  table({
    title: 'Who is online',
    description:
      'Users with a connected client. If a user has several sessions, the oldest counts. Needs metrics.detail: users (the default).',
    width: 16,
    sortBy: 'Session age',
    columns: [
      { title: 'User', label: 'user_name' },
      { title: 'Clients', expr: ONLINE, unit: 'short' },
      { title: 'Session age', expr: secondsSince(SESSION_START), unit: 's', worry: LONG },
      { title: 'Since', expr: `1000 * ${SESSION_START}`, unit: 'dateTimeAsIso' },
      {
        title: 'Bandwidth limit',
        expr: `8 * ${perUser('sag_app_user_bandwidth_limit_bytes_per_second')} and on (user_name) (${ONLINE})`,
        unit: 'bps',
      },
    ],
  }),
  ranking({
    title: 'Oldest sessions',
    description: 'The fifteen users who have been online longest.',
    unit: 's',
    decimals: 0,
    noValue: 'nobody online',
    queries: [{ expr: `topk(15, ${secondsSince(SESSION_START)})`, legend: '{{user_name}}' }],
    worry: LONG,
    height: 10,
    width: 8,
  }),
  overTime({
    title: 'Duration of sessions',
    description:
      'Of the sessions that ended in the day before: the duration that half of them, and nine of ten, did not exceed. It is estimated from buckets of 5, 15 and 30 minutes, 1, 2, 4, 8 and 12 hours, 1 and 3 days; a longer session counts as one of 3 days.',
    unit: 's',
    noValue: 'no session ended',
    queries: [
      { expr: sessionDuration(0.5), legend: 'half' },
      { expr: sessionDuration(0.9), legend: 'nine of ten' },
    ],
    width: 24,
  }),
];

const UNUSED_ROW = [
  stat({
    title: 'Unused users',
    description:
      'Enabled and disabled users who were not online for each time of metrics.unused_after. A time is shown once the instance was watched for so long: no user is called unused before.',
    unit: 'short',
    noValue: NOT_WATCHED,
    showsName: true,
    queries: [
      { expr: perInstance('sag_app_users_unused', ['unused_for']), legend: '{{unused_for}}' },
    ],
    height: 5,
    width: 12,
  }),
  stat({
    title: 'Watched for',
    description:
      'Time since the exporter began to record who is online. Without --storage.path, the record begins anew with each start of the exporter.',
    unit: 's',
    decimals: 0,
    queries: [
      {
        expr: secondsSince(
          `min by (instance_id) (${selected('sag_app_watched_since_timestamp_seconds')})`,
        ),
        legend: 'watched',
      },
    ],
    height: 5,
    width: 12,
  }),
  table({
    title: 'Unused users',
    description:
      'Users who were not online for the time chosen at the top, those who were away longest first. A user without a time in Last online was never seen online; then Days counts from when the user was first seen. No user is in the table before the user was watched for the chosen time, so the table may be shorter than Days suggests after the exporter was down. A user who connected this month cannot be deleted: the API answers ClientUser.UserInUsing. Needs metrics.detail: users (the default).',
    width: 24,
    sortBy: 'Days',
    columns: [
      { title: 'User', label: 'user_name' },
      {
        title: 'Last online',
        expr: `1000 * ${ofUnused('sag_app_user_last_online_timestamp_seconds')}`,
        unit: 'dateTimeAsIso',
      },
      { title: 'Days', expr: DAYS_UNUSED, unit: 'none', decimals: 0 },
      {
        title: 'State',
        expr: ofUnused('sag_app_user_enabled'),
        unit: 'none',
        mappings: ENABLED,
      },
    ],
  }),
];

const BANDWIDTH_ROW = [
  overTime({
    title: 'Allocated bandwidth',
    description:
      "Sum of the users' bandwidth limits by their state, and the bandwidth of the instance (dashed). Allocating more than that may be intended: users seldom fill their limit all at once.",
    unit: 'bps',
    queries: [
      {
        expr: bits('sag_app_bandwidth_allocated_bytes_per_second', ['state']),
        legend: '{{state}}',
      },
      { expr: bits('sag_app_instance_bandwidth_limit_bytes_per_second'), legend: 'instance' },
    ],
    stacked: true,
    dashed: '^instance$',
    width: 9,
  }),
  overTime({
    title: 'Allocated application acceleration bandwidth',
    description: "Sum of the users' application acceleration bandwidth limits by their state.",
    unit: 'bps',
    queries: [
      {
        expr: bits('sag_app_accelerated_bandwidth_allocated_bytes_per_second', ['state']),
        legend: '{{state}}',
      },
    ],
    stacked: true,
    width: 9,
  }),
  stat({
    title: 'Bandwidth allocated',
    description: "Users' bandwidth limits as a multiple of the bandwidth of the instance.",
    unit: 'percentunit',
    decimals: 0,
    queries: [{ expr: BANDWIDTH_ALLOCATED_SHARE, legend: 'allocated' }],
    height: 8,
    width: 6,
  }),
];

const POLLING_ROW = [
  overTime({
    title: 'Age of the data by stage',
    description:
      'The age of a healthy stage grows to its interval and falls back to zero. After 15 minutes (stale_after) its series disappear.',
    unit: 's',
    queries: [{ expr: AGE, legend: '{{stage}}' }],
    worry: OLD,
    width: 6,
  }),
  overTime({
    title: 'Duration of the passes',
    description:
      'The duration of the last complete pass of each stage, including waiting for the budget.',
    unit: 's',
    queries: [
      { expr: perInstance('sag_app_stage_duration_seconds', ['stage']), legend: '{{stage}}' },
    ],
    width: 6,
  }),
  overTime({
    title: 'Failed passes per minute',
    description:
      'By stage and reason; docs/design.md explains the reasons. Without a line, no pass has failed since the exporter started.',
    unit: 'cpm',
    queries: [
      {
        expr: `60 * ${rateOf('sag_app_stage_failures_total', ['stage', 'reason'])}`,
        legend: '{{stage}}: {{reason}}',
      },
    ],
    noValue: 'none',
    bars: true,
    stacked: true,
    width: 6,
  }),
  overTime({
    title: 'Count mismatches per minute',
    description:
      'Online passes whose sum over the users was not the total that the API gave for the instance. Now and then is normal, as people come and go between the calls; in every pass it means that the API counts wrongly.',
    unit: 'cpm',
    queries: [{ expr: `60 * ${rateOf('sag_app_online_disagreements_total')}`, legend: 'differed' }],
    width: 6,
  }),
];

const SESSIONS_ROW = [
  table({
    title: 'Sessions by client address',
    description:
      'One row for each connected client. Empty unless the exporter runs with metrics.detail: sessions.',
    width: 24,
    sortBy: 'Session age',
    columns: [
      { title: 'User', label: 'user_name' },
      { title: 'Address', label: 'client_ip' },
      {
        title: 'Session age',
        expr: secondsSince(
          `max by (user_name, client_ip) (${selected('sag_app_session_start_timestamp_seconds', 'user_name=~"$user"')})`,
        ),
        unit: 's',
        worry: LONG,
      },
      {
        title: 'Since',
        expr: `1000 * max by (user_name, client_ip) (${selected('sag_app_session_start_timestamp_seconds', 'user_name=~"$user"')})`,
        unit: 'dateTimeAsIso',
      },
    ],
  }),
];

const TRAFFIC_ROW = [
  table({
    title: 'Traffic this month',
    description:
      "Each user's traffic since the month began, as counted by the cloud, and the rest of the free plan. Empty unless the exporter runs with polling.traffic.enabled.",
    width: 16,
    sortBy: 'Used',
    columns: [
      { title: 'User', label: 'user_name' },
      { title: 'Used', expr: perUser('sag_app_user_traffic_month_bytes'), unit: 'bytes' },
      { title: 'Left', expr: perUser('sag_app_user_traffic_remaining_bytes'), unit: 'bytes' },
    ],
  }),
  overTime({
    title: 'Traffic of all users this month',
    description: 'Grows during the month and starts again at 0 with the next.',
    unit: 'bytes',
    queries: [{ expr: `sum(${perUser('sag_app_user_traffic_month_bytes')})`, legend: 'traffic' }],
    height: 10,
    width: 8,
  }),
];

/** One instance: its users, who is online and since when, its bandwidth, its polling. */
export const INSTANCE: Parts = {
  uid: 'sag-app-instance',
  title: 'SAG APP / Instance',
  description:
    'One SAG APP instance: users by state, users online over time, logins, unused users, bandwidth, sessions and their ages.',
  from: 'now-24h',
  variables: [account(), region(), instance(), user(), unusedFor()],
  rows: [
    { title: 'Now', panels: NOW },
    { title: 'Users', panels: USERS_ROW },
    { title: 'Online', panels: ONLINE_ROW },
    { title: 'Unused users', panels: UNUSED_ROW },
    { title: 'Bandwidth', panels: BANDWIDTH_ROW },
    { title: 'Polling', panels: POLLING_ROW },
    { title: 'Sessions (metrics.detail: sessions)', panels: SESSIONS_ROW, collapsed: true },
    { title: 'Traffic (polling.traffic.enabled)', panels: TRAFFIC_ROW, collapsed: true },
  ],
};
