import { TO_INSTANCE, TO_INSTANCE_OF_ROW } from './links.ts';
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
import { account, instances, region, unusedFor } from './variables.ts';

const NOW = [
  stat({
    title: 'Instances not up',
    description:
      'Instances whose newest pass of a stage failed, or whose account is paused. Their data may be old. The table below shows which instances.',
    unit: 'short',
    queries: [{ expr: `sum(1 - ${perInstance('sag_app_instance_up')})`, legend: 'not up' }],
    worry: { critical: 1 },
    width: 3,
  }),
  stat({
    title: 'Users',
    description: 'Users of all chosen instances, enabled and disabled.',
    unit: 'short',
    queries: [{ expr: `sum(${USERS})`, legend: 'users' }],
    width: 3,
  }),
  stat({
    title: 'Users that may be added',
    description:
      'Users that may be added up to the limits, summed over the instances. An instance cannot use the free places of another.',
    unit: 'short',
    queries: [{ expr: `sum(${USERS_FREE})`, legend: 'free' }],
    width: 3,
  }),
  stat({
    title: 'Nearest to its limit',
    description:
      'The largest share of a user limit in use. At 100 % no user can be added to that instance.',
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: `topk(1, ${named(LIMIT_USED)})`, legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    showsName: true,
    links: [TO_INSTANCE],
    width: 3,
  }),
  stat({
    title: 'First to reach its limit',
    description:
      'Time until the first instance reaches its user limit, if it keeps growing as in the last three days. Less than one user a month counts as no growth.',
    unit: 's',
    decimals: 0,
    noValue: 'no growth',
    mappings: REACHED,
    queries: [{ expr: `bottomk(1, ${named(TIME_TO_LIMIT)})`, legend: '{{name}}' }],
    worry: SOON,
    showsName: true,
    links: [TO_INSTANCE],
    width: 3,
  }),
  stat({
    title: 'Users online',
    description: 'Users with at least one connected client.',
    unit: 'short',
    queries: [{ expr: `sum(${perInstance('sag_app_online_users')})`, legend: 'online' }],
    width: 3,
  }),
  stat({
    title: 'Clients online',
    description: 'Connected clients; a user may have several.',
    unit: 'short',
    queries: [{ expr: `sum(${perInstance('sag_app_online_clients')})`, legend: 'clients' }],
    width: 3,
  }),
  stat({
    title: 'Oldest data',
    description:
      'Age of the oldest data of any instance and stage. The dashboard is no newer than that.',
    unit: 's',
    decimals: 0,
    queries: [{ expr: `max(${AGE})`, legend: 'age' }],
    worry: OLD,
    width: 3,
  }),
];

const CAPACITY = [
  table({
    title: 'Instances',
    description:
      'One row for each instance. Unused users were not online for the time chosen at the top. Growth and the time to the limit come from the last three days; the time is empty where an instance does not grow, and the limit reached where no user can be added; age is that of its oldest stage.',
    width: 24,
    sortBy: 'Limit used',
    columns: [
      { title: 'Name', label: 'name', link: TO_INSTANCE_OF_ROW },
      { title: 'Id', label: 'instance_id' },
      { title: 'Region', label: 'region_id' },
      { title: 'Account', label: 'account' },
      {
        title: 'State',
        expr: named(perInstance('sag_app_instance_up')),
        unit: 'none',
        worry: UP,
        mappings: MARKS,
      },
      { title: 'Users', expr: named(USERS), unit: 'short' },
      { title: 'Unused', expr: named(USERS_UNUSED), unit: 'short' },
      { title: 'Limit', expr: named(USERS_LIMIT), unit: 'short' },
      {
        title: 'Limit used',
        expr: named(LIMIT_USED),
        unit: 'percentunit',
        decimals: 1,
        worry: NEAR_LIMIT,
      },
      { title: 'Growth a week', expr: named(GROWTH), unit: 'short', decimals: 1 },
      {
        title: 'Reaches limit in',
        expr: named(TIME_TO_LIMIT),
        unit: 's',
        worry: SOON,
        mappings: REACHED,
      },
      { title: 'Online', expr: named(perInstance('sag_app_online_users')), unit: 'short' },
      {
        title: 'Subscription left',
        expr: named(SUBSCRIPTION_LEFT),
        unit: 's',
        worry: SOON,
        mappings: ENDED,
      },
      {
        title: 'Age',
        expr: named(`max by (account, region_id, instance_id) (${AGE})`),
        unit: 's',
        worry: OLD,
      },
    ],
  }),
  overTime({
    title: 'User limit in use',
    description:
      'Users as a share of the limit. From 85 %, a larger limit should be ordered; at 100 %, no user can be added.',
    unit: 'percentunit',
    queries: [{ expr: named(LIMIT_USED), legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    atLeast: 1,
    manySeries: true,
    links: [TO_INSTANCE],
    width: 12,
  }),
  overTime({
    title: 'User limit in use, forecast one week ahead',
    description:
      'The forecast for one week later, from the growth of the three days before, as a share of the limit. Above 100 %, the limit is reached within the week.',
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
    title: 'Instances closest to their limit',
    description: 'The ten instances that are nearest to their user limit.',
    unit: 'percentunit',
    decimals: 1,
    queries: [{ expr: `topk(10, ${named(LIMIT_USED)})`, legend: '{{name}}' }],
    worry: NEAR_LIMIT,
    links: [TO_INSTANCE],
    width: 8,
  }),
  ranking({
    title: 'Most users online',
    description: 'The ten instances with the most users online.',
    unit: 'short',
    queries: [
      { expr: `topk(10, ${named(perInstance('sag_app_online_users'))})`, legend: '{{name}}' },
    ],
    links: [TO_INSTANCE],
    width: 8,
  }),
  ranking({
    title: 'Subscriptions that end first',
    description:
      'The ten instances whose subscription ends first, or has ended (0). After the end no user can connect.',
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
    title: 'Seats that could be freed',
    description:
      'Users of all chosen instances, enabled and disabled, who were not online for each time of metrics.unused_after. An instance counts only once it was watched for so long: no user is called unused before. A user who connected this month cannot be deleted: the API answers ClientUser.UserInUsing.',
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
    title: 'Most unused users',
    description:
      'The ten instances with the most users who were not online for the time chosen at the top. The dashboard of the instance lists them.',
    unit: 'short',
    noValue: NOT_WATCHED,
    queries: [{ expr: `topk(10, ${named(USERS_UNUSED)})`, legend: '{{name}}' }],
    links: [TO_INSTANCE],
    width: 9,
  }),
  ranking({
    title: 'Unused users as a share of the limit',
    description:
      'The ten instances whose users who were not online for the time chosen at the top take the largest share of the user limit.',
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
    title: 'Users online',
    description: 'Users with at least one connected client, stacked by instance.',
    unit: 'short',
    queries: [{ expr: named(perInstance('sag_app_online_users')), legend: '{{name}}' }],
    stacked: true,
    manySeries: true,
    links: [TO_INSTANCE],
    width: 12,
  }),
  overTime({
    title: 'Age of the oldest data by stage',
    description:
      'Age of the oldest data of each stage. The age of a healthy stage grows to its interval and falls back to zero. After 15 minutes (stale_after) its series disappear.',
    unit: 's',
    queries: [{ expr: `max by (stage) (${AGE})`, legend: '{{stage}}' }],
    worry: OLD,
    width: 12,
  }),
];

/** The whole fleet: users against limits, forecasts, users online, and the age of the data. */
export const FLEET: Parts = {
  uid: 'sag-app-fleet',
  title: 'SAG APP / Fleet',
  description:
    'Smart Access Gateway APP: users against limits, forecast, unused users, users online, expiry, age of the data.',
  from: 'now-24h',
  variables: [account(), region(), instances(), unusedFor()],
  rows: [
    { title: 'Now', panels: NOW },
    { title: 'Capacity', panels: CAPACITY },
    { title: 'Top instances', panels: TOP },
    { title: 'Seats that could be freed', panels: SEATS },
    { title: 'Online and freshness', panels: ONLINE_AND_FRESHNESS },
  ],
};
