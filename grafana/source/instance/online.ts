import { LONG } from '../marks.ts';
import { overTime, ranking, table } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { perInstance, rateOf, secondsSince, selected } from '../queries.ts';
import { text } from '../text.ts';
import { perUser } from './per-user.ts';

const ONLINE = `${perUser('sag_app_user_online_clients')} > 0`;

const SESSION_START = perUser('sag_app_user_session_start_timestamp_seconds');

/** The duration that this share of the sessions that ended in the last day did not exceed. */
function sessionDuration(share: number): string {
  const ended = `rate(${selected('sag_app_session_duration_seconds_bucket')}[1d])`;
  return `histogram_quantile(${share}, max by (le) (${ended}))`;
}

export const ONLINE_ROW: Row = {
  title: text('Online', '在线账号'),
  panels: [
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
        {
          expr: `60 * ${rateOf('sag_app_sessions_started_total')}`,
          legend: text('logins', '上线'),
        },
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
        {
          title: text('Since', '开始时间'),
          expr: `1000 * ${SESSION_START}`,
          unit: 'dateTimeAsIso',
        },
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
  ],
};
