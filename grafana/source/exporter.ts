import { TO_INSTANCE } from './links.ts';
import { LOADED, MARKS, OLD, UP } from './marks.ts';
import { overTime, ranking, stat, table } from './panels.ts';
import type { Parts } from './put-together.ts';
import { AGE, named, perInstance, rateOf, secondsSince } from './queries.ts';
import { account, exporter, instances, region } from './variables.ts';

/** A metric of the chosen accounts and exporters. */
function ofAccount(metric: string, matching = ''): string {
  const matchers = ['account=~"$account"', 'instance=~"$exporter"', matching];
  return `${metric}{${matchers.filter((part) => part !== '').join(', ')}}`;
}

/** A metric of the chosen exporters. */
function ofExporter(metric: string, matching = ''): string {
  return `${metric}{${['instance=~"$exporter"', matching].filter((part) => part !== '').join(', ')}}`;
}

function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

function callRate(labels: string, matching = ''): string {
  return `sum by (${labels}) (${rate(ofAccount('sag_app_exporter_api_requests_total', matching))})`;
}

const CALLS = rate(ofAccount('sag_app_exporter_api_requests_total'));

/** Codes with which the API refuses a call because of flow control. */
const THROTTLED = 'code=~"Throttling.*|Rejected[.]Throttling|throttled"';

const DURATIONS = `sum by (operation, le) (${rate(ofExporter('sag_app_exporter_api_request_duration_seconds_bucket'))})`;
const SCRAPES = `sum by (instance, le) (${rate(ofExporter('sag_app_exporter_scrape_duration_seconds_bucket'))})`;

const SHARE_OF_ERRORS = { warning: 0.05, critical: 0.2 };

const NOW = [
  stat({
    title: 'Versions',
    description:
      'Versions of the chosen exporters. More than one is normal only during an upgrade.',
    unit: 'none',
    queries: [
      {
        expr: `count by (version) (${ofExporter('sag_app_exporter_build_info')})`,
        legend: '{{version}}',
      },
    ],
    showsName: 'only',
    width: 4,
  }),
  stat({
    title: 'Accounts not up',
    description:
      'Accounts whose newest call was not authenticated or not answered: the credentials are wrong, or the API cannot be reached.',
    unit: 'short',
    queries: [
      {
        expr: `sum(1 - max by (account) (${ofAccount('sag_app_account_up')}))`,
        legend: 'not up',
      },
    ],
    worry: { critical: 1 },
    width: 4,
  }),
  stat({
    title: 'API calls',
    description: 'Calls of all operations, retries included.',
    unit: 'reqps',
    decimals: 1,
    queries: [{ expr: `sum(${CALLS})`, legend: 'calls' }],
    width: 4,
  }),
  stat({
    title: 'API calls that failed',
    description: 'Share of the calls that were not answered with OK.',
    unit: 'percentunit',
    decimals: 1,
    queries: [
      {
        expr: `(sum(${rate(ofAccount('sag_app_exporter_api_requests_total', 'code!="OK"'))}) or vector(0)) / sum(${CALLS})`,
        legend: 'failed',
      },
    ],
    worry: SHARE_OF_ERRORS,
    width: 4,
  }),
  stat({
    title: 'Accounts without batched calls',
    description:
      'Accounts that ask the API user by user in a region or for an instance, because the batched operation is not permitted or not known to the API. That takes many more calls.',
    unit: 'short',
    queries: [
      {
        expr: `sum(max by (account) (${ofAccount('sag_app_exporter_fallback', 'operation="DescribeUserOnlineClientStatistics"')}))`,
        legend: 'accounts',
      },
    ],
    worry: { warning: 1 },
    width: 4,
  }),
  stat({
    title: 'Series left out',
    description:
      'Per-user and per-session series that are not exposed because of max_user_series. These users are missing.',
    unit: 'short',
    queries: [
      {
        expr: `sum(${ofExporter('sag_app_exporter_series', 'disposition="dropped"')})`,
        legend: 'left out',
      },
    ],
    worry: { critical: 1 },
    width: 4,
  }),
  table({
    title: 'Exporters',
    description:
      'One row for each exporter that is scraped. Configuration refused: the newest attempt to load it failed, the earlier one is still in force, and the log names the problems.',
    width: 24,
    height: 5,
    sortBy: 'Running for',
    columns: [
      { title: 'Exporter', label: 'instance' },
      {
        title: 'Scrape',
        expr: `max by (instance) (${ofExporter('up')})`,
        unit: 'none',
        worry: UP,
        mappings: MARKS,
      },
      {
        title: 'Running for',
        expr: secondsSince(`max by (instance) (${ofExporter('process_start_time_seconds')})`),
        unit: 's',
      },
      {
        title: 'Configuration',
        expr: `max by (instance) (${ofExporter('sag_app_exporter_config_last_reload_successful')})`,
        unit: 'none',
        worry: UP,
        mappings: LOADED,
      },
      {
        title: 'Since last load',
        expr: secondsSince(
          `max by (instance) (${ofExporter('sag_app_exporter_config_last_reload_success_timestamp_seconds')})`,
        ),
        unit: 's',
      },
      {
        title: 'Samples',
        expr: `max by (instance) (${ofExporter('scrape_samples_scraped')})`,
        unit: 'short',
      },
      {
        title: 'Scrape takes',
        expr: `max by (instance) (${ofExporter('scrape_duration_seconds')})`,
        unit: 's',
      },
      {
        title: 'Memory',
        expr: `max by (instance) (${ofExporter('process_resident_memory_bytes')})`,
        unit: 'bytes',
      },
    ],
  }),
];

const API = [
  overTime({
    title: 'API calls by code',
    description:
      "OK, the API's own error code, or the kind of the error where there was no code (timeout, network).",
    unit: 'reqps',
    queries: [{ expr: callRate('code'), legend: '{{code}}' }],
    stacked: true,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: 'API calls by operation',
    description: 'Retries included. Quotas of the cloud hold for each operation of an account.',
    unit: 'reqps',
    queries: [{ expr: callRate('operation'), legend: '{{operation}}' }],
    stacked: true,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: 'Budget by operation',
    description:
      'Calls per second that the exporters now allow themselves, taken together: each finds the limit of the API and follows it, up to requests_per_second. A fall means that the API refuses more.',
    unit: 'reqps',
    queries: [
      {
        expr: `sum by (account, operation) (${ofAccount('sag_app_exporter_api_budget_requests_per_second')})`,
        legend: '{{account}}: {{operation}}',
      },
    ],
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: 'Waiting for the budget, per call',
    description:
      'How long a call waits for the budget. Long waits make passes slow; a larger requests_per_second helps if the quota allows it.',
    unit: 's',
    queries: [
      {
        expr: `sum by (operation) (${rate(ofAccount('sag_app_exporter_api_wait_seconds_total'))}) / ${callRate('operation')}`,
        legend: '{{operation}}',
      },
    ],
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: 'Throttled calls',
    description:
      'Share of the calls that the API throttled. A few are normal while the exporter finds the limit. Many for a long time mean that other programs use the quota too.',
    unit: 'percentunit',
    queries: [
      {
        expr: `(${callRate('operation', THROTTLED)} or 0 * ${callRate('operation')}) / ${callRate('operation')}`,
        legend: '{{operation}}',
      },
    ],
    noValue: 'none',
    worry: SHARE_OF_ERRORS,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: 'Duration of API calls',
    description: 'From sending a call to its parsed reply: the median and the 95th percentile.',
    unit: 's',
    queries: [
      { expr: `histogram_quantile(0.5, ${DURATIONS})`, legend: '{{operation}}: median' },
      { expr: `histogram_quantile(0.95, ${DURATIONS})`, legend: '{{operation}}: 95 %' },
    ],
    manySeries: true,
    width: 12,
  }),
];

const POLLING = [
  overTime({
    title: 'Longest pass of each stage',
    description:
      "The duration of the longest last pass among the instances. If a pass takes longer than its stage's interval, the next one follows at once.",
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
    title: 'Age of the oldest data by stage',
    description: 'The age of a healthy stage grows to its interval and falls back to zero.',
    unit: 's',
    queries: [{ expr: `max by (stage) (${AGE})`, legend: '{{stage}}' }],
    worry: OLD,
    width: 8,
  }),
  overTime({
    title: 'Age of discovery by region',
    description:
      'Time since the last discovery of each region, by the exporter with the oldest one. Discovery runs every 10 minutes by default.',
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
    title: 'Slowest passes',
    description: 'The ten instances and stages whose last complete pass took longest.',
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
    title: 'Passes in progress',
    description:
      'Progress of the ten passes with the most work left. 100 % means idle. A pass that stays low belongs to a large instance or has a small budget.',
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
    title: 'Failures per minute',
    description:
      'Failed passes by stage and reason, including discovery. Without a bar, none has failed since the exporter started.',
    unit: 'cpm',
    queries: [
      {
        expr: `60 * sum by (stage, reason) (${rateOf('sag_app_stage_failures_total', ['stage', 'reason'])})`,
        legend: '{{stage}}: {{reason}}',
      },
      {
        expr: '60 * sum by (reason) (rate(sag_app_discovery_failures_total{account=~"$account", region_id=~"$region"}[$__rate_interval]))',
        legend: 'discovery: {{reason}}',
      },
    ],
    noValue: 'none',
    bars: true,
    stacked: true,
    width: 8,
  }),
];

const SCRAPE = [
  overTime({
    title: 'Duration of a scrape',
    description:
      'As measured by Prometheus, including the network, and the 95th percentile inside the exporter. It must stay below scrape_timeout.',
    unit: 's',
    queries: [
      {
        expr: ofExporter('scrape_duration_seconds'),
        legend: '{{instance}}: seen by Prometheus',
      },
      { expr: `histogram_quantile(0.95, ${SCRAPES})`, legend: '{{instance}}: 95 % inside' },
    ],
    width: 8,
  }),
  overTime({
    title: 'Samples in a scrape',
    description: 'The number of samples in each scrape, about six for each user.',
    unit: 'short',
    queries: [{ expr: ofExporter('scrape_samples_scraped'), legend: '{{instance}}' }],
    width: 8,
  }),
  overTime({
    title: 'Series of users and sessions',
    description: 'Exposed series, and those left out because of max_user_series.',
    unit: 'short',
    queries: [
      {
        expr: `sum by (disposition) (${ofExporter('sag_app_exporter_series')})`,
        legend: '{{disposition}}',
      },
    ],
    stacked: true,
    width: 8,
  }),
];

const PROCESS = [
  overTime({
    title: 'Processor',
    description: 'Processor time of the exporter: 1 means one processor all the time.',
    unit: 'short',
    queries: [
      {
        expr: rate(ofExporter('process_cpu_seconds_total')),
        legend: '{{instance}}',
      },
    ],
    width: 8,
  }),
  overTime({
    title: 'Memory',
    description: 'Resident memory, and the part of it in the JavaScript heap.',
    unit: 'bytes',
    queries: [
      {
        expr: ofExporter('process_resident_memory_bytes'),
        legend: '{{instance}}: resident',
      },
      {
        expr: ofExporter('nodejs_heap_size_used_bytes'),
        legend: '{{instance}}: heap in use',
      },
    ],
    width: 8,
  }),
  overTime({
    title: 'Event loop lag',
    description:
      'The 99th percentile of the delay with which the exporter handles events. Scrapes and calls are delayed by as much.',
    unit: 's',
    queries: [
      {
        expr: ofExporter('nodejs_eventloop_lag_p99_seconds'),
        legend: '{{instance}}',
      },
    ],
    width: 8,
  }),
];

/** The exporter itself: its API calls, its polling, and the cost of a scrape. */
export const EXPORTER: Parts = {
  uid: 'sag-app-exporter',
  title: 'SAG APP / Exporter',
  description:
    'The exporter of SAG APP: API calls by code, budget, throttling, stages, cost of a scrape.',
  from: 'now-6h',
  variables: [account(), region(), instances(), exporter()],
  rows: [
    { title: 'Now', panels: NOW },
    { title: 'API', panels: API },
    { title: 'Polling', panels: POLLING },
    { title: 'Scrapes', panels: SCRAPE },
    { title: 'Process', panels: PROCESS },
  ],
};
