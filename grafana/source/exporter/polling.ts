import { TO_INSTANCE } from '../links.ts';
import { OLD } from '../marks.ts';
import { overTime, ranking } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { AGE, named, perInstance, rateOf, secondsSince } from '../queries.ts';
import { text } from '../text.ts';

export const POLLING_ROW: Row = {
  title: text('Polling', '轮询'),
  panels: [
    overTime({
      title: text('Longest pass of each stage', '各阶段最长的采集耗时'),
      description: text(
        "The duration of the longest last pass among the instances. If a pass takes longer than its stage's interval, the next one follows at once.",
        '各实例最近一次采集中最长的耗时。如果采集耗时超过该阶段的采集间隔，下一次采集会立即开始。',
      ),
      unit: 's',
      queries: [
        {
          expr: `max by (stage) (${perInstance('sag_app_stage_duration_seconds', ['stage'])})`,
          legend: '{{stage}}',
        },
      ],
      width: 8,
    }),
    overTime({
      title: text('Age of the oldest data by stage', '各采集阶段最旧数据的时效'),
      description: text(
        'The age of a healthy stage grows to its interval and falls back to zero.',
        '正常阶段的时效增长到采集间隔后归零。',
      ),
      unit: 's',
      queries: [{ expr: `max by (stage) (${AGE})`, legend: '{{stage}}' }],
      worry: OLD,
      width: 8,
    }),
    overTime({
      title: text('Age of discovery by region', '各地域距上次实例发现的时间'),
      description: text(
        'Time since the last discovery of each region, by the exporter with the oldest one. Discovery runs every 10 minutes by default.',
        '距各地域上次实例发现的时间，以最久没有发现的 exporter 为准。默认每 10 分钟进行一次实例发现。',
      ),
      unit: 's',
      queries: [
        {
          expr: secondsSince(
            'min by (account, region_id) (sag_app_discovery_last_success_timestamp_seconds{account=~"$account", region_id=~"$region"})',
          ),
          legend: '{{account}}: {{region_id}}',
        },
      ],
      width: 8,
    }),
    ranking({
      title: text('Slowest passes', '最慢的采集'),
      description: text(
        'The ten instances and stages whose last complete pass took longest.',
        '最近一次完整采集耗时最长的十个实例和阶段。',
      ),
      unit: 's',
      queries: [
        {
          expr: `topk(10, ${named(perInstance('sag_app_stage_duration_seconds', ['stage']))})`,
          legend: '{{name}}: {{stage}}',
        },
      ],
      links: [TO_INSTANCE],
      width: 8,
    }),
    ranking({
      title: text('Passes in progress', '采集进度'),
      description: text(
        'Progress of the ten passes with the most work left. 100 % means idle. A pass that stays low belongs to a large instance or has a small budget.',
        '剩余工作最多的十次采集的进度。100% 表示空闲。进度长时间较低，说明实例较大或调用预算较小。',
      ),
      unit: 'percentunit',
      queries: [
        {
          expr: `bottomk(10, ${named(perInstance('sag_app_stage_progress_ratio', ['stage']))})`,
          legend: '{{name}}: {{stage}}',
        },
      ],
      links: [TO_INSTANCE],
      width: 8,
    }),
    overTime({
      title: text('Failures per minute', '每分钟失败次数'),
      description: text(
        'Failed passes by stage and reason, including discovery. Without a bar, none has failed since the exporter started.',
        '按阶段和原因统计的采集失败，包括实例发现。没有柱形表示 exporter 启动以来没有失败。',
      ),
      unit: 'cpm',
      queries: [
        {
          expr: `60 * sum by (stage, reason) (${rateOf('sag_app_stage_failures_total', ['stage', 'reason'])})`,
          legend: '{{stage}}: {{reason}}',
        },
        {
          expr: '60 * sum by (reason) (rate(sag_app_discovery_failures_total{account=~"$account", region_id=~"$region"}[$__rate_interval]))',
          legend: text('discovery: {{reason}}', '实例发现：{{reason}}'),
        },
      ],
      noValue: text('none', '无'),
      bars: true,
      stacked: true,
      width: 8,
    }),
  ],
};
