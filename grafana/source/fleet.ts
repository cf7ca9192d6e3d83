import { COLUMNS, TO_INSTANCE, TO_INSTANCE_OF_ROW } from './links.ts';
import { ENDED, MARKS, NEAR_LIMIT, NOT_WATCHED, OLD, REACHED, SOON, UP } from './marks.ts';
import { overTime, ranking, stat, table } from './panels.ts';
import type { Parts } from './put-together.ts';
import {
  AGE,
  GROWTH,
  LIMIT_USED,
  named,
  perInstance,
  SUBSCRIPTION_LEFT,
  TIME_TO_LIMIT,
  USERS,
  USERS_FREE,
  USERS_IN_A_WEEK,
  USERS_LIMIT,
  USERS_UNUSED,
} from './queries.ts';
import { text } from './text.ts';
import { account, instances, region, unusedFor } from './variables.ts';

const NOW = [
  stat({
    title: text('Instances not up', '异常实例'),
    description: text(
      'Instances whose newest pass of a stage failed, or whose account is paused. Their data may be old. The table below shows which instances.',
      '某个阶段最近一次采集失败，或所属阿里云账号已暂停轮询的实例。这些实例的数据可能已过时。下方表格列出了具体实例。',
    ),
    unit: 'short',
    queries: [
      { expr: `sum(1 - ${perInstance('sag_app_instance_up')})`, legend: text('not up', '异常') },
    ],
    worry: { critical: 1 },
    width: 3,
  }),
  stat({
    title: text('Users', '客户端账号'),
    description: text(
      'Users of all chosen instances, enabled and disabled.',
      '所选全部实例的客户端账号，包括已启用和已禁用的账号。',
    ),
    unit: 'short',
    queries: [{ expr: `sum(${USERS})`, legend: text('users', '客户端账号') }],
    width: 3,
  }),
  stat({
    title: text('Users that may be added', '可添加的客户端账号'),
    description: text(
      'Users that may be added up to the limits, summed over the instances. An instance cannot use the free places of another.',
      '各实例在达到配额前还可添加的客户端账号数之和。实例之间不能共用剩余配额。',
    ),
    unit: 'short',
    queries: [{ expr: `sum(${USERS_FREE})`, legend: text('free', '剩余') }],
    width: 3,
  }),
  stat({
    title: text('Nearest to its limit', '配额使用率最高'),
    description: text(
      'The largest share of a user limit in use. At 100 % no user can be added to that instance.',
      '所有实例中最高的账号配额使用率。达到 100% 的实例无法再添加客户端账号。',
    ),
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: `topk(1, ${named(LIMIT_USED)})`, legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    showsName: true,
    links: [TO_INSTANCE],
    width: 3,
  }),
  stat({
    title: text('First to reach its limit', '最先达到配额'),
    description: text(
      'Time until the first instance reaches its user limit, if it keeps growing as in the last three days. Less than one user a month counts as no growth.',
      '按最近三天的增长速度，距第一个实例达到账号配额的时间。每月增长不足一个账号视为无增长。',
    ),
    unit: 's',
    decimals: 0,
    noValue: text('no growth', '无增长'),
    mappings: REACHED,
    queries: [{ expr: `bottomk(1, ${named(TIME_TO_LIMIT)})`, legend: '{{name}}' }],
    worry: SOON,
    showsName: true,
    links: [TO_INSTANCE],
    width: 3,
  }),
  stat({
    title: text('Users online', '在线账号'),
    description: text(
      'Users with at least one connected client.',
      '至少有一个客户端已连接的客户端账号。',
    ),
    unit: 'short',
    queries: [
      { expr: `sum(${perInstance('sag_app_online_users')})`, legend: text('online', '在线') },
    ],
    width: 3,
  }),
  stat({
    title: text('Clients online', '在线客户端'),
    description: text(
      'Connected clients; a user may have several.',
      '已连接的客户端。一个账号可以有多个客户端。',
    ),
    unit: 'short',
    queries: [
      { expr: `sum(${perInstance('sag_app_online_clients')})`, legend: text('clients', '客户端') },
    ],
    width: 3,
  }),
  stat({
    title: text('Oldest data', '最旧的数据'),
    description: text(
      'Age of the oldest data of any instance and stage. The dashboard is no newer than that.',
      '所有实例和采集阶段中最旧数据的时效。大盘展示的数据不会比它更新。',
    ),
    unit: 's',
    decimals: 0,
    queries: [{ expr: `max(${AGE})`, legend: text('age', '时效') }],
    worry: OLD,
    width: 3,
  }),
];

const CAPACITY = [
  table({
    title: text('Instances', '实例'),
    description: text(
      'One row for each instance. Unused users were not online for the time chosen at the top. Growth and the time to the limit come from the last three days; the time is empty where an instance does not grow, and the limit reached where no user can be added; age is that of its oldest stage.',
      '每个实例一行。“未使用”是指在顶部所选时长内没有上线的客户端账号。增长和达到配额的时间根据最近三天计算：没有增长的实例不显示时间，无法再添加账号的实例显示“已达到”。数据时效以实例最旧的采集阶段为准。',
    ),
    width: 24,
    columns: [
      { title: text('Name', '名称'), label: 'name', link: TO_INSTANCE_OF_ROW },
      { title: COLUMNS.id, label: 'instance_id' },
      { title: COLUMNS.region, label: 'region_id' },
      { title: COLUMNS.account, label: 'account' },
      {
        title: text('State', '状态'),
        expr: named(perInstance('sag_app_instance_up')),
        unit: 'none',
        worry: UP,
        mappings: MARKS,
      },
      { title: text('Users', '客户端账号'), expr: named(USERS), unit: 'short' },
      { title: text('Unused', '未使用'), expr: named(USERS_UNUSED), unit: 'short' },
      { title: text('Limit', '账号配额'), expr: named(USERS_LIMIT), unit: 'short' },
      {
        title: text('Limit used', '配额使用率'),
        isOrder: true,
        expr: named(LIMIT_USED),
        unit: 'percentunit',
        decimals: 1,
        worry: NEAR_LIMIT,
      },
      { title: text('Growth a week', '每周增长'), expr: named(GROWTH), unit: 'short', decimals: 1 },
      {
        title: text('Reaches limit in', '距达到配额'),
        expr: named(TIME_TO_LIMIT),
        unit: 's',
        worry: SOON,
        mappings: REACHED,
      },
      {
        title: text('Online', '在线账号'),
        expr: named(perInstance('sag_app_online_users')),
        unit: 'short',
      },
      {
        title: text('Subscription left', '距到期'),
        expr: named(SUBSCRIPTION_LEFT),
        unit: 's',
        worry: SOON,
        mappings: ENDED,
      },
      {
        title: text('Age', '数据时效'),
        expr: named(`max by (account, region_id, instance_id) (${AGE})`),
        unit: 's',
        worry: OLD,
      },
    ],
  }),
  overTime({
    title: text('User limit in use', '账号配额使用率'),
    description: text(
      'Users as a share of the limit. From 85 %, a larger limit should be ordered; at 100 %, no user can be added.',
      '客户端账号数占配额的比例。达到 85% 时应升级实例以提高配额；达到 100% 后无法再添加账号。',
    ),
    unit: 'percentunit',
    queries: [{ expr: named(LIMIT_USED), legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    atLeast: 1,
    manySeries: true,
    links: [TO_INSTANCE],
    width: 12,
  }),
  overTime({
    title: text('User limit in use, forecast one week ahead', '账号配额使用率（一周后的预测）'),
    description: text(
      'The forecast for one week later, from the growth of the three days before, as a share of the limit. Above 100 %, the limit is reached within the week.',
      '按此前三天的增长速度预测的一周后账号数，以占配额的比例表示。超过 100% 表示将在一周内达到配额。',
    ),
    unit: 'percentunit',
    queries: [{ expr: named(`${USERS_IN_A_WEEK} / ${USERS_LIMIT}`), legend: '{{name}}' }],
    worry: { critical: 1 },
    atLeast: 1,
    manySeries: true,
    links: [TO_INSTANCE],
    width: 12,
  }),
];

const TOP = [
  ranking({
    title: text('Instances closest to their limit', '最接近配额的实例'),
    description: text(
      'The ten instances that are nearest to their user limit.',
      '账号配额使用率最高的十个实例。',
    ),
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: `topk(10, ${named(LIMIT_USED)})`, legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    links: [TO_INSTANCE],
    width: 8,
  }),
  ranking({
    title: text('Most users online', '在线账号最多的实例'),
    description: text('The ten instances with the most users online.', '在线账号最多的十个实例。'),
    unit: 'short',
    queries: [
      { expr: `topk(10, ${named(perInstance('sag_app_online_users'))})`, legend: '{{name}}' },
    ],
    links: [TO_INSTANCE],
    width: 8,
  }),
  ranking({
    title: text('Subscriptions that end first', '最先到期的实例'),
    description: text(
      'The ten instances whose subscription ends first, or has ended (0). After the end no user can connect.',
      '最先到期或已到期（0）的十个实例。到期后所有客户端都无法连接。',
    ),
    unit: 's',
    decimals: 0,
    queries: [{ expr: `bottomk(10, ${named(SUBSCRIPTION_LEFT)})`, legend: '{{name}}' }],
    worry: SOON,
    links: [TO_INSTANCE],
    width: 8,
  }),
];

const SEATS = [
  stat({
    title: text('Seats that could be freed', '可释放的配额'),
    description: text(
      'Users of all chosen instances, enabled and disabled, who were not online for each time of metrics.unused_after. An instance counts only once it was watched for so long: no user is called unused before. A user who connected this month cannot be deleted: the API answers ClientUser.UserInUsing.',
      '所选全部实例中，在 metrics.unused_after 的各个时长内没有上线的客户端账号，包括已启用和已禁用的账号。观察满该时长的实例才计入，此前不会把任何账号视为未使用。本月连接过的账号无法删除，API 会返回 ClientUser.UserInUsing。',
    ),
    unit: 'short',
    noValue: NOT_WATCHED,
    showsName: true,
    queries: [
      {
        expr: `sum by (unused_for) (${perInstance('sag_app_users_unused', ['unused_for'])})`,
        legend: '{{unused_for}}',
      },
    ],
    height: 8,
    width: 6,
  }),
  ranking({
    title: text('Most unused users', '未使用账号最多的实例'),
    description: text(
      'The ten instances with the most users who were not online for the time chosen at the top. The dashboard of the instance lists them.',
      '在顶部所选时长内没有上线的客户端账号最多的十个实例。实例大盘会列出这些账号。',
    ),
    unit: 'short',
    noValue: NOT_WATCHED,
    queries: [{ expr: `topk(10, ${named(USERS_UNUSED)})`, legend: '{{name}}' }],
    links: [TO_INSTANCE],
    width: 9,
  }),
  ranking({
    title: text('Unused users as a share of the limit', '未使用账号占配额的比例'),
    description: text(
      'The ten instances whose users who were not online for the time chosen at the top take the largest share of the user limit.',
      '在顶部所选时长内没有上线的客户端账号占配额比例最高的十个实例。',
    ),
    unit: 'percentunit',
    decimals: 1,
    noValue: NOT_WATCHED,
    queries: [
      { expr: `topk(10, ${named(`${USERS_UNUSED} / ${USERS_LIMIT}`)})`, legend: '{{name}}' },
    ],
    links: [TO_INSTANCE],
    width: 9,
  }),
];

const ONLINE_AND_FRESHNESS = [
  overTime({
    title: text('Users online', '在线账号'),
    description: text(
      'Users with at least one connected client, stacked by instance.',
      '至少有一个客户端已连接的客户端账号，按实例堆叠。',
    ),
    unit: 'short',
    queries: [{ expr: named(perInstance('sag_app_online_users')), legend: '{{name}}' }],
    stacked: true,
    manySeries: true,
    links: [TO_INSTANCE],
    width: 12,
  }),
  overTime({
    title: text('Age of the oldest data by stage', '各采集阶段最旧数据的时效'),
    description: text(
      'Age of the oldest data of each stage. The age of a healthy stage grows to its interval and falls back to zero. After 15 minutes (stale_after) its series disappear.',
      '各采集阶段最旧数据的时效。正常阶段的时效增长到采集间隔后归零。超过 15 分钟（stale_after）后，相应的时间序列会消失。',
    ),
    unit: 's',
    queries: [{ expr: `max by (stage) (${AGE})`, legend: '{{stage}}' }],
    worry: OLD,
    width: 12,
  }),
];

/** The whole fleet: users against limits, forecasts, users online, and the age of the data. */
export const FLEET: Parts = {
  uid: 'sag-app-fleet',
  title: text('SAG APP / Fleet', 'SAG APP / 总览'),
  description: text(
    'Smart Access Gateway APP: users against limits, forecast, unused users, users online, expiry, age of the data.',
    '智能接入网关 APP：客户端账号与配额、预测、未使用的账号、在线账号、到期时间、数据时效。',
  ),
  from: 'now-24h',
  variables: [account, region, instances, unusedFor],
  rows: [
    { title: text('Now', '当前'), panels: NOW },
    { title: text('Capacity', '容量'), panels: CAPACITY },
    { title: text('Top instances', '重点实例'), panels: TOP },
    { title: text('Seats that could be freed', '可释放的配额'), panels: SEATS },
    { title: text('Online and freshness', '在线与数据时效'), panels: ONLINE_AND_FRESHNESS },
  ],
};
