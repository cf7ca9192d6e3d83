import { overTime, stat } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { BANDWIDTH_ALLOCATED_SHARE, perInstance } from '../queries.ts';
import { text } from '../text.ts';

/** In bits per second, like the API and the console. */
function bits(metric: string, also: readonly string[] = []): string {
  return `8 * ${perInstance(metric, also)}`;
}

export const BANDWIDTH_ROW: Row = {
  title: text('Bandwidth', '带宽'),
  panels: [
    overTime({
      title: text('Allocated bandwidth', '已分配的带宽峰值'),
      description: text(
        "Sum of the users' bandwidth limits by their state, and the bandwidth of the instance (dashed). Allocating more than that may be intended: users seldom fill their limit all at once.",
        '各状态客户端账号的带宽峰值之和，以及实例的带宽峰值（虚线）。分配总量超过实例带宽峰值可能是有意为之，因为各账号很少同时跑满带宽。',
      ),
      unit: 'bps',
      queries: [
        {
          expr: bits('sag_app_bandwidth_allocated_bytes_per_second', ['state']),
          legend: '{{state}}',
        },
        {
          expr: bits('sag_app_instance_bandwidth_limit_bytes_per_second'),
          legend: text('instance', '实例'),
        },
      ],
      stacked: true,
      dashed: text('instance', '实例'),
      width: 9,
    }),
    overTime({
      title: text('Allocated application acceleration bandwidth', '已分配的应用加速带宽峰值'),
      description: text(
        "Sum of the users' application acceleration bandwidth limits by their state.",
        '各状态客户端账号的应用加速带宽峰值之和。',
      ),
      unit: 'bps',
      queries: [
        {
          expr: bits('sag_app_accelerated_bandwidth_allocated_bytes_per_second', ['state']),
          legend: '{{state}}',
        },
      ],
      stacked: true,
      width: 9,
    }),
    stat({
      title: text('Bandwidth allocated', '带宽分配比例'),
      description: text(
        "Users' bandwidth limits as a multiple of the bandwidth of the instance.",
        '客户端账号带宽峰值之和与实例带宽峰值之比。',
      ),
      unit: 'percentunit',
      decimals: 0,
      queries: [{ expr: BANDWIDTH_ALLOCATED_SHARE, legend: text('allocated', '已分配') }],
      height: 8,
      width: 6,
    }),
  ],
};
