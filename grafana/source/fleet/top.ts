import { TO_INSTANCE } from '../links.ts';
import { NEAR_LIMIT, SOON } from '../marks.ts';
import { ranking } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { LIMIT_USED, named, perInstance, SUBSCRIPTION_LEFT } from '../queries.ts';
import { text } from '../text.ts';

export const TOP_ROW: Row = {
  title: text('Top instances', '重点实例'),
  panels: [
    ranking({
      title: text('Instances closest to their limit', '最接近配额的实例'),
      description: text(
        'The ten instances that are nearest to their user limit.',
        '账号配额使用率最高的十个实例。',
      ),
      unit: 'percentunit',
      decimals: 1,
      queries: [{ expr: `topk(10, ${named(LIMIT_USED)})`, legend: '{{name}}' }],
      worry: NEAR_LIMIT,
      links: [TO_INSTANCE],
      width: 8,
    }),
    ranking({
      title: text('Most users online', '在线账号最多的实例'),
      description: text(
        'The ten instances with the most users online.',
        '在线账号最多的十个实例。',
      ),
      unit: 'short',
      queries: [
        { expr: `topk(10, ${named(perInstance('sag_app_online_users'))})`, legend: '{{name}}' },
      ],
      links: [TO_INSTANCE],
      width: 8,
    }),
    ranking({
      title: text('Subscriptions that end first', '最先到期的实例'),
      description: text(
        'The ten instances whose subscription ends first, or has ended (0). After the end no user can connect.',
        '最先到期或已到期（0）的十个实例。到期后所有客户端都无法连接。',
      ),
      unit: 's',
      decimals: 0,
      queries: [{ expr: `bottomk(10, ${named(SUBSCRIPTION_LEFT)})`, legend: '{{name}}' }],
      worry: SOON,
      links: [TO_INSTANCE],
      width: 8,
    }),
  ],
};
