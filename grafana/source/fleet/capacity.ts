import { COLUMNS, TO_INSTANCE, TO_INSTANCE_OF_ROW } from '../links.ts';
import { ENDED, MARKS, NEAR_LIMIT, OLD, REACHED, SOON, UP } from '../marks.ts';
import { overTime, table } from '../panels.ts';
import type { Row } from '../put-together.ts';
import {
  AGE,
  GROWTH,
  LIMIT_USED,
  named,
  perInstance,
  SUBSCRIPTION_LEFT,
  TIME_TO_LIMIT,
  USERS,
  USERS_IN_A_WEEK,
  USERS_LIMIT,
  USERS_UNUSED,
} from '../queries.ts';
import { text } from '../text.ts';

export const CAPACITY_ROW: Row = {
  title: text('Capacity', '容量'),
  panels: [
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
        {
          title: text('Growth a week', '每周增长'),
          expr: named(GROWTH),
          unit: 'short',
          decimals: 1,
        },
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
  ],
};
