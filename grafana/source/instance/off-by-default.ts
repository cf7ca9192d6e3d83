import { LONG } from '../marks.ts';
import { overTime, table } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { secondsSince, selected } from '../queries.ts';
import { text } from '../text.ts';
import { perUser } from './per-user.ts';

export const SESSIONS_ROW: Row = {
  title: text('Sessions (metrics.detail: sessions)', '会话（metrics.detail: sessions）'),
  panels: [
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
  ],
  collapsed: true,
};

export const TRAFFIC_ROW: Row = {
  title: text('Traffic (polling.traffic.enabled)', '流量（polling.traffic.enabled）'),
  panels: [
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
  ],
  collapsed: true,
};
