import type { Declaration, Written } from '../metric.ts';

/** A metric of the exporter itself; prom-client keeps its values. */
export interface OwnMetric<Label extends string> extends Declaration<Label> {
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
}

function defineOwnMetric<Label extends string = never>(
  metric: Written<OwnMetric<Label>>,
): OwnMetric<Label> {
  const { type = 'gauge', labels = {} as Readonly<Record<Label, string>> } = metric;
  return { ...metric, type, labels };
}

const ACCOUNT = { account: 'Name of the Alibaba Cloud account in the configuration.' } as const;
const OPERATION = { operation: 'API action, such as DescribeUserOnlineClients.' } as const;

export const EXPORTER_METRICS = {
  buildInfo: defineOwnMetric({
    name: 'sag_app_exporter_build_info',
    help: 'Version of the exporter and of Node.js; always 1.',
    example: 'count by (version) (sag_app_exporter_build_info)',
    unit: 'info',
    labels: {
      version: 'Version of the exporter.',
      revision: 'Commit it was built from; empty when unknown.',
      node_version: 'Version of Node.js.',
    },
  }),
  apiRequests: defineOwnMetric({
    name: 'sag_app_exporter_api_requests_total',
    help: 'API calls made, including each retry.',
    example: 'sum by (operation, code) (rate(sag_app_exporter_api_requests_total[5m]))',
    type: 'counter',
    unit: 'count',
    labels: {
      ...ACCOUNT,
      ...OPERATION,
      code: "OK, or the API's error code, or the kind of the error when there was no code. After 50 distinct codes, a new one is counted as other.",
    },
  }),
  apiRequestDuration: defineOwnMetric({
    name: 'sag_app_exporter_api_request_duration_seconds',
    help: 'Time from sending an API call to its parsed reply; waiting for the budget is excluded.',
    example:
      'histogram_quantile(0.95, sum by (operation, le) (rate(sag_app_exporter_api_request_duration_seconds_bucket[5m])))',
    type: 'histogram',
    unit: 'seconds',
    labels: OPERATION,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  apiWait: defineOwnMetric({
    name: 'sag_app_exporter_api_wait_seconds_total',
    help: 'Time API calls waited for the budget and their turn.',
    example: 'sum by (operation) (rate(sag_app_exporter_api_wait_seconds_total[5m]))',
    type: 'counter',
    unit: 'seconds',
    labels: { ...ACCOUNT, ...OPERATION },
  }),
  apiBudget: defineOwnMetric({
    name: 'sag_app_exporter_api_budget_requests_per_second',
    help: 'Rate of API calls that the exporter currently allows itself.',
    example: 'sum by (account, operation) (sag_app_exporter_api_budget_requests_per_second)',
    unit: 'requests_per_second',
    labels: { ...ACCOUNT, ...OPERATION },
  }),
  configReloadSuccessful: defineOwnMetric({
    name: 'sag_app_exporter_config_last_reload_successful',
    help: 'Whether the newest attempt to load the configuration succeeded.',
    example: 'sag_app_exporter_config_last_reload_successful',
    unit: 'boolean',
  }),
  configReloadTime: defineOwnMetric({
    name: 'sag_app_exporter_config_last_reload_success_timestamp_seconds',
    help: 'When the configuration was last loaded successfully.',
    example: 'time() - sag_app_exporter_config_last_reload_success_timestamp_seconds',
    unit: 'timestamp_seconds',
  }),
  series: defineOwnMetric({
    name: 'sag_app_exporter_series',
    help: 'Per-user and per-session series: exposed in this scrape, or dropped because of max_user_series.',
    example: 'sum by (disposition) (sag_app_exporter_series)',
    unit: 'count',
    labels: { disposition: 'Whether the series are exposed or dropped.' },
  }),
  scrapeDuration: defineOwnMetric({
    name: 'sag_app_exporter_scrape_duration_seconds',
    help: 'Time to answer a scrape.',
    example:
      'histogram_quantile(0.99, sum by (le) (rate(sag_app_exporter_scrape_duration_seconds_bucket[5m])))',
    type: 'histogram',
    unit: 'seconds',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  storageWriteSuccessful: defineOwnMetric({
    name: 'sag_app_exporter_storage_last_write_successful',
    help: 'Whether everything that is to survive a restart is on disk since the newest attempt; absent without --storage.path.',
    example: 'min by (instance) (sag_app_exporter_storage_last_write_successful)',
    unit: 'boolean',
  }),
  storageWriteTime: defineOwnMetric({
    name: 'sag_app_exporter_storage_last_write_success_timestamp_seconds',
    help: 'When everything that is to survive a restart was last on disk; absent without --storage.path.',
    example: 'time() - sag_app_exporter_storage_last_write_success_timestamp_seconds',
    unit: 'timestamp_seconds',
  }),
  storageSize: defineOwnMetric({
    name: 'sag_app_exporter_storage_size_bytes',
    help: 'Size of the files under --storage.path; absent without it.',
    example: 'sum by (kind) (sag_app_exporter_storage_size_bytes)',
    unit: 'bytes',
    labels: { kind: 'state, or history: the ended sessions.' },
  }),
  shardInfo: defineOwnMetric({
    name: 'sag_app_exporter_shard_info',
    help: 'The part of the fleet that this exporter watches; always 1.',
    example: 'count by (index, total) (sag_app_exporter_shard_info)',
    unit: 'info',
    labels: {
      index: 'Number of the part, from 0 to total - 1.',
      total: 'Number of parts that the fleet is divided into.',
    },
  }),
};
