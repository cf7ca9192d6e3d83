import { TO_INSTANCE } from '../links.ts';
import { NEAR_LIMIT, OLD, REACHED, SOON } from '../marks.ts';
import { stat } from '../panels.ts';
import type { Row } from '../put-together.ts';
import {
  AGE,
  LIMIT_USED,
  named,
  perInstance,
  TIME_TO_LIMIT,
  USERS,
  USERS_FREE,
} from '../queries.ts';
import { text } from '../text.ts';

export const NOW_ROW: Row = {
  title: text('Now', '当前'),
  panels: [
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
        {
          expr: `sum(${perInstance('sag_app_online_clients')})`,
          legend: text('clients', '客户端'),
        },
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
  ],
};
