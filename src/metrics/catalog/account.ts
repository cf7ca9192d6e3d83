import { BATCHED_OPERATIONS } from '../../model/fallback.ts';
import { type AnyMetric, defineMetric, ifKnown } from '../metric.ts';

export const ACCOUNT_METRICS: readonly AnyMetric[] = [
  defineMetric({
    name: 'sag_app_account_up',
    help: "Whether the account's newest API call was authenticated and answered.",
    example: 'sag_app_account_up == 0',
    unit: 'boolean',
    scope: 'account',
    samples: ({ up }) => ifKnown(up ? 1 : 0),
  }),
  defineMetric({
    name: 'sag_app_exporter_fallback',
    help: 'Whether the exporter works without a batched operation, because the API forbids it or does not know it.',
    example:
      'max by (account) (sag_app_exporter_fallback{operation="DescribeUserOnlineClientStatistics"}) == 1',
    unit: 'boolean',
    scope: 'account',
    labels: { operation: 'The batched API action.' },
    *samples({ fallbacks }) {
      for (const operation of BATCHED_OPERATIONS) {
        const isUnavailable = fallbacks.some((fallback) => fallback.operation === operation);
        yield { labels: { operation }, value: isUnavailable ? 1 : 0 };
      }
    },
  }),
  defineMetric({
    name: 'sag_app_discovery_last_success_timestamp_seconds',
    help: 'When the instances of the region were last discovered or looked up.',
    example: 'time() - sag_app_discovery_last_success_timestamp_seconds',
    unit: 'timestamp_seconds',
    scope: 'region',
    samples: ({ discovery }) => ifKnown(discovery.lastSuccess),
  }),
  defineMetric({
    name: 'sag_app_discovery_failures_total',
    help: 'Failed discovery passes; a reason has a series once it has occurred.',
    example: 'sum by (region_id, reason) (increase(sag_app_discovery_failures_total[1h]))',
    type: 'counter',
    unit: 'count',
    scope: 'region',
    labels: { reason: 'Kind of the error.' },
    *samples({ discovery }) {
      for (const [reason, value] of discovery.failures) yield { labels: { reason }, value };
    },
  }),
];
