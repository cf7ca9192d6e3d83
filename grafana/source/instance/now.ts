import { ENDED, LONG, MARKS, NEAR_LIMIT, OLD, REACHED, SOON, UP } from '../marks.ts';
import { stat } from '../panels.ts';
import type { Row } from '../put-together.ts';
import {
  AGE,
  LIMIT_USED,
  OLDEST_SESSION_AGE,
  perInstance,
  SUBSCRIPTION_LEFT,
  TIME_TO_LIMIT,
  USERS,
  USERS_LIMIT,
} from '../queries.ts';
import { text } from '../text.ts';

export const NOW_ROW: Row = {
  title: text('Now', '当前'),
  panels: [
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
  ],
};
