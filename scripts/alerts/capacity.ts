import { text } from '../../grafana/source/text.ts';
import type { AlertGroup } from './alert.ts';
import { queryOf, selector, showThreshold, showValue, WHICH_INSTANCE } from './go-templates.ts';
import { withName } from './with-name.ts';

const USERS = 'sag_app:users:sum';
const LIMIT = 'sag_app:users_limit:max';
const WHOLE_NUMBER = 'value | printf "%.0f"';

const nearLimit = (severity: string): string =>
  withName(`sag_app:users_limit_used:ratio
  >= on () group_left () sag_app:threshold:users_limit_used_ratio{severity="${severity}"}`);

const expiring = (severity: string): string =>
  withName(`sag_app:subscription_left:seconds
  < on () group_left () sag_app:threshold:subscription_left_seconds{severity="${severity}"}`);

const UNUSED = queryOf(`max(${selector('sag_app_users_unused', undefined, 'unused_for="90d"')})`);

const SINCE_THE_END = showValue('-sag_app:subscription_left:seconds', 'value | humanizeDuration');

/** Alerts on the limits of an instance, its subscription and its sessions. */
export const CAPACITY: AlertGroup = {
  name: 'sag-app-capacity',
  alerts: [
    {
      name: 'SagAppUsersNearLimit',
      rules: [
        { severity: 'critical', expr: nearLimit('critical'), for: '5m' },
        { severity: 'warning', expr: nearLimit('warning'), for: '15m' },
      ],
      summary: text(
        'SAG APP instance {{ $labels.name }} {{ if gt $value 1.0 }}is over its user limit: {{ $value | humanizePercentage }} of it{{ else if eq $value 1.0 }}is full{{ else }}is at {{ $value | humanizePercentage }} of its user limit{{ end }}',
        'SAG APP 实例 {{ $labels.name }} 的客户端账号{{ if gt $value 1.0 }}已超出配额：为配额的 {{ $value | humanizePercentage }}{{ else if eq $value 1.0 }}配额已用完{{ else }}已达到配额的 {{ $value | humanizePercentage }}{{ end }}',
      ),
      description: text(
        `${showValue(USERS)}
of ${showValue(LIMIT)}
users of ${WHICH_INSTANCE.en} are taken.
{{ if ge $value 1.0 }}No user can be added.{{ else }}At the limit no user can be added.{{ end }}
{{- with ${UNUSED} }}
Users who were not online for 90 days: {{ . | first | value }}.{{ end }}`,
        `实例 ${WHICH_INSTANCE['zh-CN']}已有 ${showValue(USERS)} 个客户端账号，配额为 ${showValue(LIMIT)} 个。
{{ if ge $value 1.0 }}无法再添加账号。{{ else }}达到配额后将无法再添加账号。{{ end }}
{{ with ${UNUSED} }}其中 {{ . | first | value }} 个账号 90 天未上线。{{ end }}`,
      ),
      runbook: 'users-near-limit',
    },
    {
      name: 'SagAppUsersLimitPredicted',
      rules: [
        {
          severity: 'warning',
          expr: withName(`sag_app:users:predicted >= sag_app:users_limit:max
  and sag_app:users:sum < sag_app:users_limit:max`),
          for: '1h',
        },
      ],
      summary: text(
        `SAG APP instance {{ $labels.name }} is predicted to reach its user limit within ${showThreshold('forecast_seconds', 'humanizeDuration')}`,
        `预计 SAG APP 实例 {{ $labels.name }} 的客户端账号将在 ${showThreshold('forecast_seconds', 'humanizeDuration')} 内达到配额`,
      ),
      description: text(
        `At the growth of the last three days ${WHICH_INSTANCE.en}
would then have {{ $value | printf "%.0f" }} users; it has
${showValue(USERS, WHOLE_NUMBER)}
and may have
${showValue(LIMIT, WHOLE_NUMBER)}.`,
        `按最近三天的增长速度，实例 ${WHICH_INSTANCE['zh-CN']}届时将有 {{ $value | printf "%.0f" }} 个客户端账号；
目前有 ${showValue(USERS, WHOLE_NUMBER)} 个，配额为 ${showValue(LIMIT, WHOLE_NUMBER)} 个。`,
      ),
      runbook: 'users-limit-predicted',
    },
    {
      name: 'SagAppSubscriptionExpiring',
      rules: [
        { severity: 'critical', expr: expiring('critical'), for: '15m' },
        { severity: 'warning', expr: expiring('warning'), for: '1h' },
      ],
      summary: text(
        'The subscription of SAG APP instance {{ $labels.name }} {{ if gt $value 0.0 }}ends in {{ $value | humanizeDuration }}{{ else }}has ended{{ end }}',
        'SAG APP 实例 {{ $labels.name }} {{ if gt $value 0.0 }}将在 {{ $value | humanizeDuration }} 后到期{{ else }}已到期{{ end }}',
      ),
      description: text(
        `The subscription of ${WHICH_INSTANCE.en}
{{ if gt $value 0.0 }}ends in {{ $value | humanizeDuration }}; then no user can connect through it
{{- else }}ended ${SINCE_THE_END} ago: no user can connect through it{{ end }}.`,
        `实例 ${WHICH_INSTANCE['zh-CN']}{{ if gt $value 0.0 }}将在 {{ $value | humanizeDuration }} 后到期，到期后所有客户端都无法连接
{{ else }}已于 ${SINCE_THE_END} 前到期，所有客户端都无法连接{{ end }}。`,
      ),
      runbook: 'subscription-expiring',
    },
    {
      name: 'SagAppTrafficPlanNearlyUsed',
      rules: [
        {
          severity: 'warning',
          expr: withName(
            `max by (account, region_id, instance_id, user_name) (
  sag_app_user_traffic_remaining_bytes
    / (sag_app_user_traffic_remaining_bytes + sag_app_user_traffic_month_bytes)
) < on () group_left () sag_app:threshold:traffic_left_ratio`,
            'count by (account, region_id, instance_id)',
          ),
          for: '30m',
        },
      ],
      summary: text(
        '{{ $value }} users of SAG APP instance {{ $labels.name }} have nearly used their traffic plan',
        'SAG APP 实例 {{ $labels.name }} 有 {{ $value }} 个客户端账号的免费流量即将用尽',
      ),
      description: text(
        `Less than ${showThreshold('traffic_left_ratio', 'humanizePercentage')}
of the month's free traffic is left to {{ $value }} users of ${WHICH_INSTANCE.en}.`,
        `实例 ${WHICH_INSTANCE['zh-CN']}有 {{ $value }} 个客户端账号的本月免费流量剩余不足 ${showThreshold('traffic_left_ratio', 'humanizePercentage')}。`,
      ),
      runbook: 'traffic-plan-nearly-used',
    },
    {
      name: 'SagAppSessionUnusuallyLong',
      rules: [
        {
          severity: 'warning',
          expr: withName(`sag_app:oldest_session_age:seconds
  > on () group_left () sag_app:threshold:session_age_seconds`),
          for: '15m',
        },
      ],
      summary: text(
        'A session of SAG APP instance {{ $labels.name }} has lasted {{ $value | humanizeDuration }}',
        'SAG APP 实例 {{ $labels.name }} 有会话已持续 {{ $value | humanizeDuration }}',
      ),
      description: text(
        `The oldest session of ${WHICH_INSTANCE.en}
has lasted {{ $value | humanizeDuration }}; more than
${showThreshold('session_age_seconds', 'humanizeDuration')} is unusual.`,
        `实例 ${WHICH_INSTANCE['zh-CN']}最早的会话已持续 {{ $value | humanizeDuration }}，
超过 ${showThreshold('session_age_seconds', 'humanizeDuration')} 即属异常。`,
      ),
      runbook: 'session-unusually-long',
    },
  ],
};
