import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { perInstance, USERS, USERS_IN_A_WEEK, USERS_LIMIT } from '../queries.ts';
import { text } from '../text.ts';

export const USERS_ROW: Row = {
  title: text('Users', '客户端账号'),
  panels: [
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
  ],
};
