import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { text } from '../text.ts';
import { callRate, ofAccount, ofExporter, rate, SHARE_OF_ERRORS } from './queries.ts';

/** Codes with which the API refuses a call because of flow control. */
const THROTTLED = 'code=~"Throttling.*|Rejected[.]Throttling|throttled"';

const DURATIONS = `sum by (operation, le) (${rate(ofExporter('sag_app_exporter_api_request_duration_seconds_bucket'))})`;

export const API_ROW: Row = {
  title: text('API', 'API'),
  panels: [
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
  ],
};
