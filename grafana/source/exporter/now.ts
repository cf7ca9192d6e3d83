import { LOADED, MARKS, UP } from '../marks.ts';
import { stat, table } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { secondsSince } from '../queries.ts';
import { text } from '../text.ts';
import { ofAccount, ofExporter, rate, SHARE_OF_ERRORS } from './queries.ts';

const CALLS = rate(ofAccount('sag_app_exporter_api_requests_total'));

export const NOW_ROW: Row = {
  title: text('Now', '当前'),
  panels: [
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
  ],
};
