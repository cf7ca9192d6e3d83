import { text } from '../../grafana/source/text.ts';
import type { AlertGroup } from './alert.ts';
import { queryOf, selector } from './go-templates.ts';

const OF_ACCOUNT = ['account', 'total'];
const SHARDS = `${queryOf(selector('sag_app:shard_exporters:count', OF_ACCOUNT), OF_ACCOUNT)} | sortByLabel "index"`;

const SINCE_LOAD = queryOf(
  'time() - sag_app_exporter_config_last_reload_success_timestamp_seconds{instance=%q}',
  ['instance'],
);
const SINCE_WRITE = queryOf(
  'time() - (sag_app_exporter_storage_last_write_success_timestamp_seconds{instance=%q} > 0)',
  ['instance'],
);

/** Alerts on the exporters themselves. */
export const EXPORTER: AlertGroup = {
  name: 'sag-app-exporter',
  alerts: [
    {
      name: 'SagAppExporterDown',
      rules: [{ severity: 'critical', expr: 'up{job="sag-app"} == 0', for: '5m' }],
      summary: text(
        'The SAG APP exporter {{ $labels.instance }} cannot be scraped',
        '无法抓取 SAG APP exporter {{ $labels.instance }}',
      ),
      description: text(
        `Prometheus has had no answer from {{ $labels.instance }} for 5 minutes: nothing is known of the instances it watches,
and no other alert on them can fire.`,
        `{{ $labels.instance }} 已有 5 分钟没有响应 Prometheus：它所监控的实例状况未知，
这些实例的其他告警都无法触发。`,
      ),
      runbook: 'exporter-down',
    },
    {
      name: 'SagAppExporterAbsent',
      rules: [{ severity: 'critical', expr: 'absent(up{job="sag-app"})', for: '10m' }],
      summary: text(
        'Prometheus scrapes no SAG APP exporter',
        'Prometheus 没有抓取任何 SAG APP exporter',
      ),
      description: text(
        'There is no target of the job {{ $labels.job }}: nothing is known of the SAG APP fleet, and no other alert on it can fire.',
        '任务 {{ $labels.job }} 没有抓取目标：所有 SAG APP 实例的状况未知，其他告警都无法触发。',
      ),
      runbook: 'exporter-absent',
    },
    {
      name: 'SagAppShardMissing',
      comment: text(
        'A label is no number, so the number of shards is made a label, `present`, that may equal `total`.',
        '标签不是数字，因此把分片数转换为标签 `present`，再与 `total` 比较。',
      ),
      rules: [
        {
          severity: 'critical',
          expr: `sag_app:shards:count unless on (account, total) (
  count_values by (account, total) ("present", sag_app:shards:count)
    and on (account, total, present)
  label_replace(sag_app:shards:count, "present", "$1", "total", "(.+)")
)`,
          for: '10m',
          comment: text(
            'As long as a rolling update or another number of shards takes.',
            '滚动更新或调整分片数所需的时间。',
          ),
        },
      ],
      summary: text(
        'Only {{ $value }} of {{ $labels.total }} shards watch account {{ $labels.account }}',
        '监控阿里云账号 {{ $labels.account }} 的 {{ $labels.total }} 个分片中只有 {{ $value }} 个在运行',
      ),
      description: text(
        `Instances of account {{ $labels.account }} that belong to a missing shard are not watched, and no alert on them can fire.
Present are the shards{{ range ${SHARDS} }}
{{ .Labels.index }}{{ end }}.`,
        `阿里云账号 {{ $labels.account }} 中属于缺失分片的实例没有被监控，这些实例的告警都无法触发。
正在运行的分片：{{ range $index, $shard := ${SHARDS} }}{{ if $index }}、{{ end }}{{ .Labels.index }}{{ end }}。`,
      ),
      runbook: 'shard-missing',
    },
    {
      name: 'SagAppShardDoubled',
      comment: text(
        'A pair that watches the whole fleet may be wanted; shards are made to save calls.',
        '两个 exporter 同时监控全部实例可能是有意为之；分片则是为了减少调用。',
      ),
      rules: [
        {
          severity: 'warning',
          expr: 'sag_app:shard_exporters:count{total!="1"} > 1',
          for: '10m',
        },
      ],
      summary: text(
        '{{ $value }} exporters are shard {{ $labels.index }} of {{ $labels.total }} of account {{ $labels.account }}',
        '阿里云账号 {{ $labels.account }} 的分片 {{ $labels.index }}（共 {{ $labels.total }} 个）同时有 {{ $value }} 个 exporter',
      ),
      description: text(
        `{{ $value }} exporters poll the same instances of account {{ $labels.account }}: their series are there twice,
and all shards together exceed the budget of calls.`,
        `{{ $value }} 个 exporter 轮询阿里云账号 {{ $labels.account }} 的相同实例：这些实例的时间序列会重复，
所有分片的调用总数会超出调用预算。`,
      ),
      runbook: 'shard-doubled',
    },
    {
      name: 'SagAppSeriesDropped',
      rules: [
        {
          severity: 'warning',
          expr: 'sag_app_exporter_series{disposition="dropped"} > 0',
          for: '15m',
        },
      ],
      summary: text(
        'The SAG APP exporter {{ $labels.instance }} leaves users out',
        'SAG APP exporter {{ $labels.instance }} 未输出部分客户端账号',
      ),
      description: text(
        '{{ $value }} per-user and per-session series are beyond max_user_series and left out; figures of instances are not affected.',
        '有 {{ $value }} 条账号和会话的时间序列超出 max_user_series，没有输出；实例的数据不受影响。',
      ),
      runbook: 'series-dropped',
    },
    {
      name: 'SagAppReloadFailed',
      rules: [
        {
          severity: 'warning',
          expr: 'sag_app_exporter_config_last_reload_successful == 0',
          for: '5m',
        },
      ],
      summary: text(
        'The SAG APP exporter {{ $labels.instance }} refused its new configuration',
        'SAG APP exporter {{ $labels.instance }} 拒绝了新的配置',
      ),
      description: text(
        `The newest attempt to load the configuration failed{{ with ${SINCE_LOAD} }};
the one of {{ . | first | value | humanizeDuration }} ago is still in force{{ end }}.`,
        `最近一次加载配置失败{{ with ${SINCE_LOAD} }}，{{ . | first | value | humanizeDuration }} 之前加载的配置继续生效{{ end }}。`,
      ),
      runbook: 'reload-failed',
    },
    {
      name: 'SagAppStorageFailing',
      rules: [
        {
          severity: 'warning',
          expr: 'sag_app_exporter_storage_last_write_successful == 0',
          for: '10m',
          comment: text(
            'A disk that was full for a moment is written to again after half a minute.',
            '磁盘短暂写满后，exporter 半分钟后会再次写入。',
          ),
        },
      ],
      summary: text(
        'The SAG APP exporter {{ $labels.instance }} cannot write to its storage',
        'SAG APP exporter {{ $labels.instance }} 无法写入存储目录',
      ),
      description: text(
        `The newest attempt to write to the directory of --storage.path failed.
{{ with ${SINCE_WRITE} -}}
The state was last written whole {{ . | first | value | humanizeDuration }} ago
{{- else }}The state was never written whole{{ end }}.
Polling and figures go on; after a restart the exporter knows only what was written.`,
        `最近一次写入 --storage.path 目录失败。
{{ with ${SINCE_WRITE} }}{{ . | first | value | humanizeDuration }} 之前曾完整保存状态{{ else }}从未完整保存过状态{{ end }}。
轮询和数据不受影响；但重启后 exporter 只能恢复已写入的内容。`,
      ),
      runbook: 'storage-failing',
    },
  ],
};
