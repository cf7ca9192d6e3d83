import { TO_INSTANCE } from '../links.ts';
import { OLD } from '../marks.ts';
import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { AGE, named, perInstance } from '../queries.ts';
import { text } from '../text.ts';

export const ONLINE_ROW: Row = {
  title: text('Online and freshness', '在线与数据时效'),
  panels: [
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
  ],
};
