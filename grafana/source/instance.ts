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
import { text } from './text.ts';
import { INSTANCE_UID } from './uids.ts';
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
    title: text('State', '状态'),
    description: text(
      'Up: the newest pass of every stage succeeded. Not up: the failures below show the reason, and Age shows how old the data is.',
      '正常：每个阶段最近一次采集都成功。异常：原因见下方的采集失败，数据的新旧见“数据时效”。',
    ),
    unit: 'none',
    queries: [{ expr: perInstance('sag_app_instance_up'), legend: text('state', '状态') }],
    worry: UP,
    mappings: MARKS,
    width: 3,
  }),
  stat({
    title: text('Users and limit', '客户端账号与配额'),
    description: text(
      'Users, enabled and disabled, and the user limit of the instance.',
      '已启用和已禁用的客户端账号数，以及实例的账号配额。',
    ),
    unit: 'short',
    queries: [
      { expr: USERS, legend: text('users', '客户端账号') },
      { expr: USERS_LIMIT, legend: text('limit', '配额') },
    ],
    width: 4,
  }),
  stat({
    title: text('User limit in use', '账号配额使用率'),
    description: text('At 100 % no user can be added.', '达到 100% 后无法再添加客户端账号。'),
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: LIMIT_USED, legend: text('used', '使用率') }],
    worry: NEAR_LIMIT,
    width: 3,
  }),
  stat({
    title: text('Reaches its limit in', '距达到配额'),
    description: text(
      'If it keeps growing as in the last three days. Less than one user a month counts as no growth.',
      '按最近三天的增长速度计算。每月增长不足一个账号视为无增长。',
    ),
    unit: 's',
    decimals: 0,
    noValue: text('no growth', '无增长'),
    mappings: REACHED,
    queries: [{ expr: TIME_TO_LIMIT, legend: text('left', '剩余') }],
    worry: SOON,
    width: 3,
  }),
  stat({
    title: text('Online', '在线账号'),
    description: text(
      'Users with a connected client, and clients; a user may have several.',
      '有客户端已连接的账号数，以及客户端数。一个账号可以有多个客户端。',
    ),
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_online_users'), legend: text('users', '客户端账号') },
      { expr: perInstance('sag_app_online_clients'), legend: text('clients', '客户端') },
    ],
    width: 4,
  }),
  stat({
    title: text('Longest session', '最长会话'),
    description: text('Age of the oldest session.', '最早的会话已持续的时间。'),
    unit: 's',
    decimals: 0,
    noValue: text('nobody online', '无人在线'),
    queries: [{ expr: OLDEST_SESSION_AGE, legend: text('age', '时效') }],
    worry: LONG,
    width: 2,
  }),
  stat({
    title: text('Subscription left', '距到期'),
    description: text(
      'Time until the subscription ends. Afterwards no user can connect.',
      '距实例到期的时间。到期后所有客户端都无法连接。',
    ),
    unit: 's',
    decimals: 0,
    mappings: ENDED,
    queries: [{ expr: SUBSCRIPTION_LEFT, legend: text('left', '剩余') }],
    worry: SOON,
    width: 3,
  }),
  stat({
    title: text('Age', '数据时效'),
    description: text(
      'Age of the data of the oldest stage. The dashboard is no newer than that.',
      '最旧采集阶段的数据时效。大盘展示的数据不会比它更新。',
    ),
    unit: 's',
    decimals: 0,
    queries: [{ expr: `max(${AGE})`, legend: text('age', '时效') }],
    worry: OLD,
    width: 2,
  }),
];

const USERS_ROW = [
  overTime({
    title: text('Users by state, and the limit', '各状态的客户端账号与配额'),
    description: text(
      'Enabled and disabled users both count against the limit (dashed).',
      '已启用和已禁用的账号都占用配额（虚线）。',
    ),
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_users', ['state']), legend: '{{state}}' },
      { expr: USERS_LIMIT, legend: text('limit', '配额') },
    ],
    stacked: true,
    dashed: text('limit', '配额'),
    width: 12,
  }),
  overTime({
    title: text('Users, forecast one week ahead', '客户端账号（一周后的预测）'),
    description: text(
      'Users, and the forecast for one week later, from the growth of the three days before. When the forecast crosses the limit (dashed), the limit is a week away.',
      '客户端账号数，以及按此前三天的增长速度预测的一周后账号数。预测值超过配额（虚线）时，表示一周后将达到配额。',
    ),
    unit: 'short',
    queries: [
      { expr: USERS, legend: text('users', '客户端账号') },
      { expr: USERS_IN_A_WEEK, legend: text('a week later', '一周后') },
      { expr: USERS_LIMIT, legend: text('limit', '配额') },
    ],
    dashed: text('limit', '配额'),
    width: 12,
  }),
];

const ONLINE_ROW = [
  overTime({
    title: text('Online', '在线账号'),
    description: text(
      'Users with at least one connected client, and connected clients.',
      '至少有一个客户端已连接的账号数，以及已连接的客户端数。',
    ),
    unit: 'short',
    queries: [
      { expr: perInstance('sag_app_online_clients'), legend: text('clients', '客户端') },
      { expr: perInstance('sag_app_online_users'), legend: text('users', '客户端账号') },
    ],
    width: 12,
  }),
  overTime({
    title: text('Logins and logouts per minute', '每分钟上线和下线次数'),
    description: text(
      'Sessions that began and ended between two passes. A session shorter than the polling interval may not be noticed.',
      '两次采集之间新建和结束的会话。短于采集间隔的会话可能不会被发现。',
    ),
    unit: 'cpm',
    queries: [
      { expr: `60 * ${rateOf('sag_app_sessions_started_total')}`, legend: text('logins', '上线') },
      { expr: `60 * ${rateOf('sag_app_sessions_ended_total')}`, legend: text('logouts', '下线') },
    ],
    width: 12,
  }),
  table({
    title: text('Who is online', '当前在线的账号'),
    description: text(
      'Users with a connected client. If a user has several sessions, the oldest counts. Needs metrics.detail: users (the default).',
      '有客户端已连接的账号。一个账号有多个会话时，以最早的会话为准。需要 metrics.detail: users（默认值）。',
    ),
    width: 16,
    columns: [
      { title: text('User', '客户端账号'), label: 'user_name' },
      { title: text('Clients', '客户端'), expr: ONLINE, unit: 'short' },
      {
        title: text('Session age', '会话时长'),
        isOrder: true,
        expr: secondsSince(SESSION_START),
        unit: 's',
        worry: LONG,
      },
      { title: text('Since', '开始时间'), expr: `1000 * ${SESSION_START}`, unit: 'dateTimeAsIso' },
      {
        title: text('Bandwidth limit', '带宽峰值'),
        expr: `8 * ${perUser('sag_app_user_bandwidth_limit_bytes_per_second')} and on (user_name) (${ONLINE})`,
        unit: 'bps',
      },
    ],
  }),
  ranking({
    title: text('Oldest sessions', '持续最久的会话'),
    description: text(
      'The fifteen users who have been online longest.',
      '在线时间最长的十五个账号。',
    ),
    unit: 's',
    decimals: 0,
    noValue: text('nobody online', '无人在线'),
    queries: [{ expr: `topk(15, ${secondsSince(SESSION_START)})`, legend: '{{user_name}}' }],
    worry: LONG,
    height: 10,
    width: 8,
  }),
  overTime({
    title: text('Duration of sessions', '会话时长'),
    description: text(
      'Of the sessions that ended in the day before: the duration that half of them, and nine of ten, did not exceed. It is estimated from buckets of 5, 15 and 30 minutes, 1, 2, 4, 8 and 12 hours, 1 and 3 days; a longer session counts as one of 3 days.',
      '此前一天内结束的会话中，一半会话和九成会话不超过的时长。该值根据 5、15、30 分钟，1、2、4、8、12 小时，1 天和 3 天的区间估算；更长的会话按 3 天计算。',
    ),
    unit: 's',
    noValue: text('no session ended', '没有结束的会话'),
    queries: [
      { expr: sessionDuration(0.5), legend: text('half', '一半') },
      { expr: sessionDuration(0.9), legend: text('nine of ten', '九成') },
    ],
    width: 24,
  }),
];

const UNUSED_ROW = [
  stat({
    title: text('Unused users', '未使用的账号'),
    description: text(
      'Enabled and disabled users who were not online for each time of metrics.unused_after. A time is shown once the instance was watched for so long: no user is called unused before.',
      '在 metrics.unused_after 的各个时长内没有上线的客户端账号，包括已启用和已禁用的账号。实例观察满某个时长后才显示该时长，此前不会把任何账号视为未使用。',
    ),
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
    title: text('Watched for', '已观察时长'),
    description: text(
      'Time since the exporter began to record who is online. Without --storage.path, the record begins anew with each start of the exporter.',
      'exporter 开始记录在线账号以来的时间。没有设置 --storage.path 时，每次启动都会重新开始记录。',
    ),
    unit: 's',
    decimals: 0,
    queries: [
      {
        expr: secondsSince(
          `min by (instance_id) (${selected('sag_app_watched_since_timestamp_seconds')})`,
        ),
        legend: text('watched', '已观察'),
      },
    ],
    height: 5,
    width: 12,
  }),
  table({
    title: text('Unused users', '未使用的账号'),
    description: text(
      'Users who were not online for the time chosen at the top, those who were away longest first. A user without a time in Last online was never seen online; then Days counts from when the user was first seen. No user is in the table before the user was watched for the chosen time, so the table may be shorter than Days suggests after the exporter was down. A user who connected this month cannot be deleted: the API answers ClientUser.UserInUsing. Needs metrics.detail: users (the default).',
      '在顶部所选时长内没有上线的客户端账号，离线最久的在前。“上次在线”为空表示从未见过该账号在线，此时“天数”从首次见到该账号时算起。观察满所选时长的账号才会列出，因此 exporter 停止过一段时间后，列出的账号可能比“天数”显示的少。本月连接过的账号无法删除，API 会返回 ClientUser.UserInUsing。需要 metrics.detail: users（默认值）。',
    ),
    width: 24,
    columns: [
      { title: text('User', '客户端账号'), label: 'user_name' },
      {
        title: text('Last online', '上次在线'),
        expr: `1000 * ${ofUnused('sag_app_user_last_online_timestamp_seconds')}`,
        unit: 'dateTimeAsIso',
      },
      { title: text('Days', '天数'), isOrder: true, expr: DAYS_UNUSED, unit: 'none', decimals: 0 },
      {
        title: text('State', '状态'),
        expr: ofUnused('sag_app_user_enabled'),
        unit: 'none',
        mappings: ENABLED,
      },
    ],
  }),
];

const BANDWIDTH_ROW = [
  overTime({
    title: text('Allocated bandwidth', '已分配的带宽峰值'),
    description: text(
      "Sum of the users' bandwidth limits by their state, and the bandwidth of the instance (dashed). Allocating more than that may be intended: users seldom fill their limit all at once.",
      '各状态客户端账号的带宽峰值之和，以及实例的带宽峰值（虚线）。分配总量超过实例带宽峰值可能是有意为之，因为各账号很少同时跑满带宽。',
    ),
    unit: 'bps',
    queries: [
      {
        expr: bits('sag_app_bandwidth_allocated_bytes_per_second', ['state']),
        legend: '{{state}}',
      },
      {
        expr: bits('sag_app_instance_bandwidth_limit_bytes_per_second'),
        legend: text('instance', '实例'),
      },
    ],
    stacked: true,
    dashed: text('instance', '实例'),
    width: 9,
  }),
  overTime({
    title: text('Allocated application acceleration bandwidth', '已分配的应用加速带宽峰值'),
    description: text(
      "Sum of the users' application acceleration bandwidth limits by their state.",
      '各状态客户端账号的应用加速带宽峰值之和。',
    ),
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
    title: text('Bandwidth allocated', '带宽分配比例'),
    description: text(
      "Users' bandwidth limits as a multiple of the bandwidth of the instance.",
      '客户端账号带宽峰值之和与实例带宽峰值之比。',
    ),
    unit: 'percentunit',
    decimals: 0,
    queries: [{ expr: BANDWIDTH_ALLOCATED_SHARE, legend: text('allocated', '已分配') }],
    height: 8,
    width: 6,
  }),
];

const POLLING_ROW = [
  overTime({
    title: text('Age of the data by stage', '各采集阶段的数据时效'),
    description: text(
      'The age of a healthy stage grows to its interval and falls back to zero. After 15 minutes (stale_after) its series disappear.',
      '正常阶段的时效增长到采集间隔后归零。超过 15 分钟（stale_after）后，相应的时间序列会消失。',
    ),
    unit: 's',
    queries: [{ expr: AGE, legend: '{{stage}}' }],
    worry: OLD,
    width: 6,
  }),
  overTime({
    title: text('Duration of the passes', '采集耗时'),
    description: text(
      'The duration of the last complete pass of each stage, including waiting for the budget.',
      '各阶段最近一次完整采集的耗时，包括等待调用预算的时间。',
    ),
    unit: 's',
    queries: [
      { expr: perInstance('sag_app_stage_duration_seconds', ['stage']), legend: '{{stage}}' },
    ],
    width: 6,
  }),
  overTime({
    title: text('Failed passes per minute', '每分钟采集失败次数'),
    description: text(
      'By stage and reason; docs/design.md explains the reasons. Without a line, no pass has failed since the exporter started.',
      '按采集阶段和原因统计，原因说明见 docs/design.md。没有曲线表示 exporter 启动以来没有采集失败。',
    ),
    unit: 'cpm',
    queries: [
      {
        expr: `60 * ${rateOf('sag_app_stage_failures_total', ['stage', 'reason'])}`,
        legend: '{{stage}}: {{reason}}',
      },
    ],
    noValue: text('none', '无'),
    bars: true,
    stacked: true,
    width: 6,
  }),
  overTime({
    title: text('Count mismatches per minute', '每分钟计数不一致次数'),
    description: text(
      'Online passes whose sum over the users was not the total that the API gave for the instance. Now and then is normal, as people come and go between the calls; in every pass it means that the API counts wrongly.',
      '各账号在线客户端数之和与 API 返回的实例总数不一致的在线采集次数。两次调用之间会有客户端上线和下线，因此偶尔出现属正常现象；如果每次采集都出现，说明 API 的计数有误。',
    ),
    unit: 'cpm',
    queries: [
      {
        expr: `60 * ${rateOf('sag_app_online_disagreements_total')}`,
        legend: text('differed', '不一致'),
      },
    ],
    width: 6,
  }),
];

const SESSIONS_ROW = [
  table({
    title: text('Sessions by client address', '会话（按客户端 IP 地址）'),
    description: text(
      'One row for each connected client. Empty unless the exporter runs with metrics.detail: sessions.',
      '每个已连接的客户端一行。只有 exporter 设置了 metrics.detail: sessions 时才有数据。',
    ),
    width: 24,
    columns: [
      { title: text('User', '客户端账号'), label: 'user_name' },
      { title: text('Address', '客户端 IP 地址'), label: 'client_ip' },
      {
        title: text('Session age', '会话时长'),
        isOrder: true,
        expr: secondsSince(
          `max by (user_name, client_ip) (${selected('sag_app_session_start_timestamp_seconds', 'user_name=~"$user"')})`,
        ),
        unit: 's',
        worry: LONG,
      },
      {
        title: text('Since', '开始时间'),
        expr: `1000 * max by (user_name, client_ip) (${selected('sag_app_session_start_timestamp_seconds', 'user_name=~"$user"')})`,
        unit: 'dateTimeAsIso',
      },
    ],
  }),
];

const TRAFFIC_ROW = [
  table({
    title: text('Traffic this month', '本月流量'),
    description: text(
      "Each user's traffic since the month began, as counted by the cloud, and the rest of the free plan. Empty unless the exporter runs with polling.traffic.enabled.",
      '阿里云统计的各账号本月流量，以及剩余的免费流量。只有 exporter 设置了 polling.traffic.enabled 时才有数据。',
    ),
    width: 16,
    columns: [
      { title: text('User', '客户端账号'), label: 'user_name' },
      {
        title: text('Used', '已用'),
        isOrder: true,
        expr: perUser('sag_app_user_traffic_month_bytes'),
        unit: 'bytes',
      },
      {
        title: text('Left', '剩余'),
        expr: perUser('sag_app_user_traffic_remaining_bytes'),
        unit: 'bytes',
      },
    ],
  }),
  overTime({
    title: text('Traffic of all users this month', '所有账号的本月流量'),
    description: text(
      'Grows during the month and starts again at 0 with the next.',
      '在当月内累计增长，下月从 0 重新开始。',
    ),
    unit: 'bytes',
    queries: [
      {
        expr: `sum(${perUser('sag_app_user_traffic_month_bytes')})`,
        legend: text('traffic', '流量'),
      },
    ],
    height: 10,
    width: 8,
  }),
];

/** One instance: its users, who is online and since when, its bandwidth, its polling. */
export const INSTANCE: Parts = {
  uid: INSTANCE_UID,
  title: text('SAG APP / Instance', 'SAG APP / 实例'),
  description: text(
    'One SAG APP instance: users by state, users online over time, logins, unused users, bandwidth, sessions and their ages.',
    '单个智能接入网关 APP 实例：各状态的客户端账号、在线账号的变化、上线和下线、未使用的账号、带宽、会话及其时长。',
  ),
  from: 'now-24h',
  variables: [account, region, instance, user, unusedFor],
  rows: [
    { title: text('Now', '当前'), panels: NOW },
    { title: text('Users', '客户端账号'), panels: USERS_ROW },
    { title: text('Online', '在线账号'), panels: ONLINE_ROW },
    { title: text('Unused users', '未使用的账号'), panels: UNUSED_ROW },
    { title: text('Bandwidth', '带宽'), panels: BANDWIDTH_ROW },
    { title: text('Polling', '轮询'), panels: POLLING_ROW },
    {
      title: text('Sessions (metrics.detail: sessions)', '会话（metrics.detail: sessions）'),
      panels: SESSIONS_ROW,
      collapsed: true,
    },
    {
      title: text('Traffic (polling.traffic.enabled)', '流量（polling.traffic.enabled）'),
      panels: TRAFFIC_ROW,
      collapsed: true,
    },
  ],
};
