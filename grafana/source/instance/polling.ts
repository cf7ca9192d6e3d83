import { OLD } from '../marks.ts';
import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { AGE, perInstance, rateOf } from '../queries.ts';
import { text } from '../text.ts';

export const POLLING_ROW: Row = {
  title: text('Polling', '轮询'),
  panels: [
    overTime({
      title: text('Age of the data by stage', '各采集阶段的数据时效'),
      description: text(
        'The age of a healthy stage grows to its interval and falls back to zero. After 15 minutes (stale_after) its series disappear.',
        '正常阶段的时效增长到采集间隔后归零。超过 15 分钟（stale_after）后，相应的时间序列会消失。',
      ),
      unit: 's',
      queries: [{ expr: AGE, legend: '{{stage}}' }],
      worry: OLD,
      width: 6,
    }),
    overTime({
      title: text('Duration of the passes', '采集耗时'),
      description: text(
        'The duration of the last complete pass of each stage, including waiting for the budget.',
        '各阶段最近一次完整采集的耗时，包括等待调用预算的时间。',
      ),
      unit: 's',
      queries: [
        { expr: perInstance('sag_app_stage_duration_seconds', ['stage']), legend: '{{stage}}' },
      ],
      width: 6,
    }),
    overTime({
      title: text('Failed passes per minute', '每分钟采集失败次数'),
      description: text(
        'By stage and reason; docs/design.md explains the reasons. Without a line, no pass has failed since the exporter started.',
        '按采集阶段和原因统计，原因说明见 docs/design.md。没有曲线表示 exporter 启动以来没有采集失败。',
      ),
      unit: 'cpm',
      queries: [
        {
          expr: `60 * ${rateOf('sag_app_stage_failures_total', ['stage', 'reason'])}`,
          legend: '{{stage}}: {{reason}}',
        },
      ],
      noValue: text('none', '无'),
      bars: true,
      stacked: true,
      width: 6,
    }),
    overTime({
      title: text('Count mismatches per minute', '每分钟计数不一致次数'),
      description: text(
        'Online passes whose sum over the users was not the total that the API gave for the instance. Now and then is normal, as people come and go between the calls; in every pass it means that the API counts wrongly.',
        '各账号在线客户端数之和与 API 返回的实例总数不一致的在线采集次数。两次调用之间会有客户端上线和下线，因此偶尔出现属正常现象；如果每次采集都出现，说明 API 的计数有误。',
      ),
      unit: 'cpm',
      queries: [
        {
          expr: `60 * ${rateOf('sag_app_online_disagreements_total')}`,
          legend: text('differed', '不一致'),
        },
      ],
      width: 6,
    }),
  ],
};
