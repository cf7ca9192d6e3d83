import { text } from '../../grafana/source/text.ts';
import type { AlertGroup } from './alert.ts';
import { queryOf, selector, showValue, WHICH_INSTANCE } from './go-templates.ts';
import { withName } from './with-name.ts';

const UNANSWERED = `sag_app:api_requests_unanswered:rate5m > 0
    unless on (account) sag_app:api_requests_refused:rate5m > 0`;

/** The codes of the calls with these labels that failed in a time such as `5m`, and the number of calls. */
function failedCalls(labels: readonly string[], time: string): string {
  const calls = selector('sag_app_exporter_api_requests_total', labels, 'code!="OK"');
  const query = `round(sum by (code) (increase(${calls}[${time}]))) > 0`;
  return `${queryOf(query, labels)} | sortByLabel "code"`;
}
const OF_FIVE_MINUTES = failedCalls(['account'], '5m');
const OF_AN_HOUR = failedCalls(['account', 'operation'], '1h');

const FAILURES = queryOf(`max by (stage, reason) (${selector('sag_app_stage_failure_info')})`);

const STAGE_AGE = showValue('sag_app:stage_age:seconds', 'value | humanizeDuration', [
  'account',
  'region_id',
  'instance_id',
  'stage',
]);

/** Alerts on the age of the data and on the answers of the API. */
export const POLLING: AlertGroup = {
  name: 'sag-app-polling',
  alerts: [
    {
      name: 'SagAppInstanceDown',
      rules: [
        {
          severity: 'critical',
          expr: withName('max by (account, region_id, instance_id) (sag_app_instance_up) == 0'),
          for: '10m',
          comment: text(
            'A users pass that failed once is made up for by the next, 5 minutes later.',
            '账号列表的一次采集失败后，5 分钟后的下一次采集会补上。',
          ),
        },
      ],
      summary: text(
        'SAG APP instance {{ $labels.name }} cannot be read',
        'SAG APP 实例 {{ $labels.name }} 无法读取',
      ),
      description: text(
        `The exporter cannot read ${WHICH_INSTANCE.en}: its figures grow old and disappear.
Its users go on connecting, unless its subscription has ended. Stages and reasons now:
{{- range ${FAILURES} | sortByLabel "stage" }}
{{ .Labels.stage }} ({{ .Labels.reason }}){{ else }} none, the first passes have not ended{{ end }}.`,
        `exporter 无法读取实例 ${WHICH_INSTANCE['zh-CN']}，该实例的数据会逐渐过时并消失。
除非实例已到期，否则客户端仍可照常连接。当前失败的采集阶段及原因：
{{ range $index, $failure := ${FAILURES} | sortByLabel "stage" }}{{ if $index }}、{{ end }}{{ .Labels.stage }}（{{ .Labels.reason }}）{{ else }}无，首次采集尚未完成{{ end }}。`,
      ),
      runbook: 'instance-down',
    },
    {
      name: 'SagAppDataStale',
      rules: [
        {
          severity: 'warning',
          expr: withName(`(
  sag_app:stage_age:seconds
    - 2 * max by (account, region_id, instance_id, stage) (sag_app_stage_duration_seconds)
) > on (stage) group_left () sag_app:threshold:age_seconds`),
          for: '5m',
        },
      ],
      summary: text(
        'The {{ $labels.stage }} figures of SAG APP instance {{ $labels.name }} are stale',
        'SAG APP 实例 {{ $labels.name }} 的 {{ $labels.stage }} 数据已过时',
      ),
      description: text(
        `The {{ $labels.stage }} stage of ${WHICH_INSTANCE.en}
last succeeded ${STAGE_AGE} ago.`,
        `实例 ${WHICH_INSTANCE['zh-CN']}的 {{ $labels.stage }} 阶段上次采集成功是在 ${STAGE_AGE} 之前。`,
      ),
      runbook: 'data-stale',
    },
    {
      name: 'SagAppDiscoveryStale',
      rules: [
        {
          severity: 'warning',
          expr: 'sag_app:discovery_age:seconds > on (stage) group_left () sag_app:threshold:age_seconds',
          for: '5m',
        },
      ],
      summary: text(
        'Discovery of SAG APP instances in {{ $labels.region_id }} of account {{ $labels.account }} is stale',
        '阿里云账号 {{ $labels.account }} 在 {{ $labels.region_id }} 的 SAG APP 实例发现已过时',
      ),
      description: text(
        `Instances of account {{ $labels.account }} in {{ $labels.region_id }} were last discovered {{ $value | humanizeDuration }} ago;
new ones are not found, and limits and expiry may be out of date.`,
        `阿里云账号 {{ $labels.account }} 在 {{ $labels.region_id }} 的实例发现上次成功是在 {{ $value | humanizeDuration }} 之前；
新的实例不会被发现，配额和到期时间可能不是最新的。`,
      ),
      runbook: 'discovery-stale',
    },
    {
      name: 'SagAppAuthenticationFailing',
      comment: text(
        `An account that is not up is either refused or out of reach: exactly one of these two fires. A
refusal decides, as calls that found no answer happen now and then on any day. Without any call
there are no credentials to sign with.`,
        `不可用的阿里云账号要么被 API 拒绝，要么无法访问 API：以下两条告警恰好触发一条。只要有拒绝，就以拒绝为准，
因为平时也偶尔会有调用得不到响应。如果没有任何调用，说明没有可用于签名的访问凭据。`,
      ),
      rules: [
        {
          severity: 'critical',
          expr: `max by (account) (sag_app_account_up) == 0
  unless on (account) (
    ${UNANSWERED.replaceAll('\n', '\n  ')}
  )`,
          for: '5m',
        },
      ],
      summary: text(
        'The API refuses the credentials of account {{ $labels.account }}',
        'API 拒绝阿里云账号 {{ $labels.account }} 的访问凭据',
      ),
      description: text(
        `No call of account {{ $labels.account }} is authenticated; none of its instances is polled.
Answers of the last 5 minutes:{{ range ${OF_FIVE_MINUTES} }}
{{ .Labels.code }} ({{ .Value }}){{ else }} none, there are no credentials to sign with{{ end }}.`,
        `阿里云账号 {{ $labels.account }} 的调用都未通过身份验证，其实例均未轮询。
最近 5 分钟的响应：{{ range $index, $answer := ${OF_FIVE_MINUTES} }}{{ if $index }}、{{ end }}{{ .Labels.code }}（{{ .Value }} 次）{{ else }}无，没有可用于签名的访问凭据{{ end }}。`,
      ),
      runbook: 'authentication-failing',
    },
    {
      name: 'SagAppApiUnreachable',
      rules: [
        {
          severity: 'critical',
          expr: `max by (account) (sag_app_account_up) == 0
  and on (account) (
    ${UNANSWERED.replaceAll('\n', '\n  ')}
  )`,
          for: '5m',
        },
      ],
      summary: text(
        'The API does not answer the calls of account {{ $labels.account }}',
        'API 没有响应阿里云账号 {{ $labels.account }} 的调用',
      ),
      description: text(
        `Calls of account {{ $labels.account }} fail; its figures grow old and disappear.
Answers of the last 5 minutes:{{ range ${OF_FIVE_MINUTES} }}
{{ .Labels.code }} ({{ .Value }}){{ end }}.`,
        `阿里云账号 {{ $labels.account }} 的调用失败，其数据会逐渐过时并消失。
最近 5 分钟的响应：{{ range $index, $answer := ${OF_FIVE_MINUTES} }}{{ if $index }}、{{ end }}{{ .Labels.code }}（{{ .Value }} 次）{{ end }}。`,
      ),
      runbook: 'api-unreachable',
    },
    {
      name: 'SagAppThrottled',
      rules: [
        {
          severity: 'warning',
          expr: `sag_app:api_requests_throttled:ratio_rate5m
  > on () group_left () sag_app:threshold:throttled_ratio`,
          for: '30m',
        },
      ],
      summary: text(
        'The API throttles {{ $labels.operation }} of account {{ $labels.account }}',
        'API 对阿里云账号 {{ $labels.account }} 的 {{ $labels.operation }} 限流',
      ),
      description: text(
        `{{ $value | humanizePercentage }} of the calls of {{ $labels.operation }} (account {{ $labels.account }})
have been refused because of flow control for half an hour.`,
        `近半小时，{{ $labels.operation }}（阿里云账号 {{ $labels.account }}）有 {{ $value | humanizePercentage }} 的调用因流量控制被拒绝。`,
      ),
      runbook: 'throttled',
    },
    {
      name: 'SagAppPermissionLost',
      comment: text(
        `Only the operation without which users are asked one by one. Without the totals of
DescribeSagOnlineClientStatistics they are counted in batches all the same: no alert.`,
        `只针对缺少后需要逐个查询账号的操作。缺少 DescribeSagOnlineClientStatistics 的总数时，账号仍可分批统计，
因此不告警。`,
      ),
      rules: [
        {
          severity: 'warning',
          expr: 'max by (account, operation) (sag_app_exporter_fallback{operation="DescribeUserOnlineClientStatistics"}) == 1',
          for: '15m',
        },
      ],
      summary: text(
        'Users of account {{ $labels.account }} are asked one by one, without {{ $labels.operation }}',
        '阿里云账号 {{ $labels.account }} 无法使用 {{ $labels.operation }}，改为逐个查询客户端账号',
      ),
      description: text(
        `The API refuses {{ $labels.operation }} to account {{ $labels.account }} in some region or for some instance.
The figures are the same, and take up to 50 times the calls.
Answers of the last hour:{{ range ${OF_AN_HOUR} }}
{{ .Labels.code }} ({{ .Value }}){{ else }} none, see the log{{ end }}.
Forbidden or NoPermission: it is not permitted. InvalidApi.NotFound or InvalidAction.NotFound: the API does not know it, and no permission helps.`,
        `在某个地域或对某个实例，API 拒绝阿里云账号 {{ $labels.account }} 调用 {{ $labels.operation }}。
采集结果相同，但调用次数最多增加到 50 倍。
最近 1 小时的响应：{{ range $index, $answer := ${OF_AN_HOUR} }}{{ if $index }}、{{ end }}{{ .Labels.code }}（{{ .Value }} 次）{{ else }}无，请查看日志{{ end }}。
Forbidden 或 NoPermission 表示没有权限；InvalidApi.NotFound 或 InvalidAction.NotFound 表示 API 不支持该操作，授权无法解决。`,
      ),
      runbook: 'permission-lost',
    },
  ],
};
