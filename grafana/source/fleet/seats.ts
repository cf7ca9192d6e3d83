import { TO_INSTANCE } from '../links.ts';
import { NOT_WATCHED } from '../marks.ts';
import { ranking, stat } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { named, perInstance, USERS_LIMIT, USERS_UNUSED } from '../queries.ts';
import { text } from '../text.ts';

export const SEATS_ROW: Row = {
  title: text('Seats that could be freed', '可释放的配额'),
  panels: [
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
  ],
};
