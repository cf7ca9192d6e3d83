import { TO_INSTANCE } from './links.ts';
import { LOADED, MARKS, OLD, UP } from './marks.ts';
import { overTime, ranking, stat, table } from './panels.ts';
import type { Parts } from './put-together.ts';
import { AGE, named, perInstance, rateOf, secondsSince } from './queries.ts';
import { text } from './text.ts';
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
    title: text('Versions', '版本'),
    description: text(
      'Versions of the chosen exporters. More than one is normal only during an upgrade.',
      '所选 exporter 的版本。只有升级期间才应出现多个版本。',
    ),
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
    title: text('Accounts not up', '异常的阿里云账号'),
    description: text(
      'Accounts whose newest call was not authenticated or not answered: the credentials are wrong, or the API cannot be reached.',
      '最近一次调用未通过身份验证或没有得到响应的阿里云账号：访问凭据有误，或无法访问 API。',
    ),
    unit: 'short',
    queries: [
      {
        expr: `sum(1 - max by (account) (${ofAccount('sag_app_account_up')}))`,
        legend: text('not up', '异常'),
      },
    ],
    worry: { critical: 1 },
    width: 4,
  }),
  stat({
    title: text('API calls', 'API 调用'),
    description: text('Calls of all operations, retries included.', '所有操作的调用，包括重试。'),
    unit: 'reqps',
    decimals: 1,
    queries: [{ expr: `sum(${CALLS})`, legend: text('calls', '调用') }],
    width: 4,
  }),
  stat({
    title: text('API calls that failed', '失败的 API 调用'),
    description: text(
      'Share of the calls that were not answered with OK.',
      '没有返回 OK 的调用所占比例。',
    ),
    unit: 'percentunit',
    decimals: 1,
    queries: [
      {
        expr: `(sum(${rate(ofAccount('sag_app_exporter_api_requests_total', 'code!="OK"'))}) or vector(0)) / sum(${CALLS})`,
        legend: text('failed', '失败'),
      },
    ],
    worry: SHARE_OF_ERRORS,
    width: 4,
  }),
  stat({
    title: text('Accounts without batched calls', '无法分批调用的阿里云账号'),
    description: text(
      'Accounts that ask the API user by user in a region or for an instance, because the batched operation is not permitted or not known to the API. That takes many more calls.',
      '在某个地域或对某个实例只能逐个查询客户端账号的阿里云账号，因为没有批量操作的权限，或 API 不支持该操作。逐个查询需要多得多的调用。',
    ),
    unit: 'short',
    queries: [
      {
        expr: `sum(max by (account) (${ofAccount('sag_app_exporter_fallback', 'operation="DescribeUserOnlineClientStatistics"')}))`,
        legend: text('accounts', '阿里云账号'),
      },
    ],
    worry: { warning: 1 },
    width: 4,
  }),
  stat({
    title: text('Series left out', '未输出的时间序列'),
    description: text(
      'Per-user and per-session series that are not exposed because of max_user_series. These users are missing.',
      '因 max_user_series 限制而没有输出的账号和会话时间序列。相应的账号不会显示。',
    ),
    unit: 'short',
    queries: [
      {
        expr: `sum(${ofExporter('sag_app_exporter_series', 'disposition="dropped"')})`,
        legend: text('left out', '未输出'),
      },
    ],
    worry: { critical: 1 },
    width: 4,
  }),
  table({
    title: text('Exporters', 'Exporter 列表'),
    description: text(
      'One row for each exporter that is scraped. Configuration refused: the newest attempt to load it failed, the earlier one is still in force, and the log names the problems.',
      '每个被抓取的 exporter 一行。配置“被拒绝”表示最近一次加载失败，原有配置继续生效，具体问题见日志。',
    ),
    width: 24,
    height: 5,
    columns: [
      { title: text('Exporter', 'Exporter 地址'), label: 'instance' },
      {
        title: text('Scrape', '抓取'),
        expr: `max by (instance) (${ofExporter('up')})`,
        unit: 'none',
        worry: UP,
        mappings: MARKS,
      },
      {
        title: text('Running for', '运行时长'),
        isOrder: true,
        expr: secondsSince(`max by (instance) (${ofExporter('process_start_time_seconds')})`),
        unit: 's',
      },
      {
        title: text('Configuration', '配置'),
        expr: `max by (instance) (${ofExporter('sag_app_exporter_config_last_reload_successful')})`,
        unit: 'none',
        worry: UP,
        mappings: LOADED,
      },
      {
        title: text('Since last load', '距上次加载'),
        expr: secondsSince(
          `max by (instance) (${ofExporter('sag_app_exporter_config_last_reload_success_timestamp_seconds')})`,
        ),
        unit: 's',
      },
      {
        title: text('Samples', '样本数'),
        expr: `max by (instance) (${ofExporter('scrape_samples_scraped')})`,
        unit: 'short',
      },
      {
        title: text('Scrape takes', '抓取耗时'),
        expr: `max by (instance) (${ofExporter('scrape_duration_seconds')})`,
        unit: 's',
      },
      {
        title: text('Memory', '内存'),
        expr: `max by (instance) (${ofExporter('process_resident_memory_bytes')})`,
        unit: 'bytes',
      },
    ],
  }),
];

const API = [
  overTime({
    title: text('API calls by code', 'API 调用（按返回码）'),
    description: text(
      "OK, the API's own error code, or the kind of the error where there was no code (timeout, network).",
      'OK、API 的错误码，或没有错误码时的错误类别（timeout、network）。',
    ),
    unit: 'reqps',
    queries: [{ expr: callRate('code'), legend: '{{code}}' }],
    stacked: true,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: text('API calls by operation', 'API 调用（按操作）'),
    description: text(
      'Retries included. Quotas of the cloud hold for each operation of an account.',
      '包括重试。阿里云按账号和操作分别限制调用频率。',
    ),
    unit: 'reqps',
    queries: [{ expr: callRate('operation'), legend: '{{operation}}' }],
    stacked: true,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: text('Budget by operation', '调用预算（按操作）'),
    description: text(
      'Calls per second that the exporters now allow themselves, taken together: each finds the limit of the API and follows it, up to requests_per_second. A fall means that the API refuses more.',
      '所有 exporter 当前每秒允许的调用次数之和。每个 exporter 会探测并跟随 API 的限制，最高不超过 requests_per_second。数值下降表示 API 拒绝的调用增多。',
    ),
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
    title: text('Waiting for the budget, per call', '每次调用等待预算的时间'),
    description: text(
      'How long a call waits for the budget. Long waits make passes slow; a larger requests_per_second helps if the quota allows it.',
      '每次调用等待调用预算的时间。等待时间过长会使采集变慢；如果 API 配额允许，可以调大 requests_per_second。',
    ),
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
    title: text('Throttled calls', '被限流的调用'),
    description: text(
      'Share of the calls that the API throttled. A few are normal while the exporter finds the limit. Many for a long time mean that other programs use the quota too.',
      '被 API 限流的调用所占比例。exporter 探测限制时出现少量限流属正常现象；长时间大量限流说明其他程序也在占用配额。',
    ),
    unit: 'percentunit',
    queries: [
      {
        expr: `(${callRate('operation', THROTTLED)} or 0 * ${callRate('operation')}) / ${callRate('operation')}`,
        legend: '{{operation}}',
      },
    ],
    noValue: text('none', '无'),
    worry: SHARE_OF_ERRORS,
    manySeries: true,
    width: 12,
  }),
  overTime({
    title: text('Duration of API calls', 'API 调用耗时'),
    description: text(
      'From sending a call to its parsed reply: the median and the 95th percentile.',
      '从发出调用到解析完响应的时间：中位数和 95 百分位数。',
    ),
    unit: 's',
    queries: [
      {
        expr: `histogram_quantile(0.5, ${DURATIONS})`,
        legend: text('{{operation}}: median', '{{operation}}：中位数'),
      },
      {
        expr: `histogram_quantile(0.95, ${DURATIONS})`,
        legend: text('{{operation}}: 95 %', '{{operation}}：95 百分位数'),
      },
    ],
    manySeries: true,
    width: 12,
  }),
];

const POLLING = [
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
];

const SCRAPE = [
  overTime({
    title: text('Duration of a scrape', '抓取耗时'),
    description: text(
      'As measured by Prometheus, including the network, and the 95th percentile inside the exporter. It must stay below scrape_timeout.',
      'Prometheus 测得的耗时（包括网络），以及 exporter 内部耗时的 95 百分位数。必须低于 scrape_timeout。',
    ),
    unit: 's',
    queries: [
      {
        expr: ofExporter('scrape_duration_seconds'),
        legend: text('{{instance}}: seen by Prometheus', '{{instance}}：Prometheus 测得'),
      },
      {
        expr: `histogram_quantile(0.95, ${SCRAPES})`,
        legend: text('{{instance}}: 95 % inside', '{{instance}}：内部 95 百分位数'),
      },
    ],
    width: 8,
  }),
  overTime({
    title: text('Samples in a scrape', '每次抓取的样本数'),
    description: text(
      'The number of samples in each scrape, about six for each user.',
      '每次抓取的样本数，每个客户端账号约六个。',
    ),
    unit: 'short',
    queries: [{ expr: ofExporter('scrape_samples_scraped'), legend: '{{instance}}' }],
    width: 8,
  }),
  overTime({
    title: text('Series of users and sessions', '账号和会话的时间序列'),
    description: text(
      'Exposed series, and those left out because of max_user_series.',
      '已输出的时间序列，以及因 max_user_series 限制而未输出的时间序列。',
    ),
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
    title: text('Processor', '处理器'),
    description: text(
      'Processor time of the exporter: 1 means one processor all the time.',
      'exporter 占用的处理器时间：1 表示始终占满一个处理器核。',
    ),
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
    title: text('Memory', '内存'),
    description: text(
      'Resident memory, and the part of it in the JavaScript heap.',
      '常驻内存，以及其中 JavaScript 堆占用的部分。',
    ),
    unit: 'bytes',
    queries: [
      {
        expr: ofExporter('process_resident_memory_bytes'),
        legend: text('{{instance}}: resident', '{{instance}}：常驻内存'),
      },
      {
        expr: ofExporter('nodejs_heap_size_used_bytes'),
        legend: text('{{instance}}: heap in use', '{{instance}}：已用堆内存'),
      },
    ],
    width: 8,
  }),
  overTime({
    title: text('Event loop lag', '事件循环延迟'),
    description: text(
      'The 99th percentile of the delay with which the exporter handles events. Scrapes and calls are delayed by as much.',
      'exporter 处理事件的延迟的 99 百分位数。抓取和调用也会延迟同样的时间。',
    ),
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
  title: text('SAG APP / Exporter', 'SAG APP / Exporter'),
  description: text(
    'The exporter of SAG APP: API calls by code, budget, throttling, stages, cost of a scrape.',
    'SAG APP 的 exporter：按返回码统计的 API 调用、调用预算、限流、采集阶段、抓取开销。',
  ),
  from: 'now-6h',
  variables: [account, region, instances, exporter],
  rows: [
    { title: text('Now', '当前'), panels: NOW },
    { title: text('API', 'API'), panels: API },
    { title: text('Polling', '轮询'), panels: POLLING },
    { title: text('Scrapes', '抓取'), panels: SCRAPE },
    { title: text('Process', '进程'), panels: PROCESS },
  ],
};
