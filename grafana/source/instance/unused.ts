import { ENABLED, NOT_WATCHED } from '../marks.ts';
import { stat, table } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { perInstance, secondsSince, selected, USERS_UNUSED } from '../queries.ts';
import { text } from '../text.ts';
import { perUser } from './per-user.ts';

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

export const UNUSED_ROW: Row = {
  title: text('Unused users', '未使用的账号'),
  panels: [
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
        {
          title: text('Days', '天数'),
          isOrder: true,
          expr: DAYS_UNUSED,
          unit: 'none',
          decimals: 0,
        },
        {
          title: text('State', '状态'),
          expr: ofUnused('sag_app_user_enabled'),
          unit: 'none',
          mappings: ENABLED,
        },
      ],
    }),
  ],
};
