import type { MetricWords } from '../metrics.ts';

/** The tables of docs/zh-CN/metrics.md. */
export const METRICS_IN_CHINESE: MetricWords = {
  fleet: '实例与客户端账号',
  own: 'exporter 自身',
  columns: ['名称', '类型', '单位', '含义', '标签'],
  example: '示例：',
  units: {
    count: '数量',
    info: '信息',
    boolean: '布尔值（0 或 1）',
    timestamp_seconds: 'Unix 时间戳（秒）',
    seconds: '秒',
    bytes: '字节',
    bytes_per_second: '字节/秒',
    requests_per_second: '次/秒',
    ratio: '比率',
  },
  ending: '此外还输出 prom-client 默认的 `process_*` 和 `nodejs_*` 指标。',
  meanings: {
    metrics: {
      sag_app_account_up: '该阿里云账号最近一次 API 调用是否通过身份验证并得到应答。',
      sag_app_exporter_fallback:
        'exporter 是否因为 API 没有授权或不支持某个批量操作，而在没有该操作的情况下工作。',
      sag_app_discovery_last_success_timestamp_seconds: '该地域的实例上次被发现或查询的时间。',
      sag_app_discovery_failures_total: '实例发现失败的次数；某种原因出现之后才有对应的时间序列。',
      sag_app_instance_info: '被监控的 SAG APP 实例，内容来自最近一次实例发现；恒为 1。',
      sag_app_instance_up:
        '该实例每个采集阶段的最近一次尝试是否都成功，并且其阿里云账号没有暂停轮询。',
      sag_app_instance_expiry_timestamp_seconds: '实例的到期时间。',
      sag_app_instance_bandwidth_limit_bytes_per_second: '实例的带宽峰值。',
      sag_app_users_limit: '实例的客户端账号配额；已启用和已禁用的账号都占用配额。',
      sag_app_users: '实例的客户端账号数，来自最近一次账号列表采集。',
      sag_app_bandwidth_allocated_bytes_per_second: '各客户端账号带宽峰值的总和。',
      sag_app_accelerated_bandwidth_allocated_bytes_per_second:
        '各客户端账号应用加速带宽峰值的总和。',
      sag_app_online_users: '至少有一个客户端在线的账号数，来自最近一次在线状态采集。',
      sag_app_online_clients: '所有账号的在线客户端总数，来自最近一次在线状态采集。',
      sag_app_oldest_session_start_timestamp_seconds:
        '实例中持续最久的会话的开始时间；没有账号在线时不输出。',
      sag_app_sessions_started_total: '在两次会话采集之间开始的会话数。',
      sag_app_sessions_ended_total: '在两次会话采集之间结束的会话数。',
      sag_app_online_disagreements_total:
        '各账号的在线数之和与 API 返回的实例总数不一致的在线状态采集次数。',
      sag_app_session_duration_seconds: '已结束会话的持续时间；API 没有返回开始时间的会话不计入。',
      sag_app_users_unused:
        '在这段时间内没有上线的客户端账号数，包括已启用和已禁用的账号；对实例的观察不足这段时间时不输出。',
      sag_app_watched_since_timestamp_seconds: '从何时起记录哪些客户端账号在线。',
      sag_app_last_success_timestamp_seconds:
        '该采集阶段在该实例上次成功的时间；其数据就是当时的数据。',
      sag_app_stage_duration_seconds: '该采集阶段上一次完整采集的耗时。',
      sag_app_stage_progress_ratio: '正在进行的采集已完成的比例；没有采集在进行时为 1。',
      sag_app_stage_failures_total: '该采集阶段失败的次数；某种原因出现之后才有对应的时间序列。',
      sag_app_stage_failure_info:
        '该采集阶段目前无法读取的原因：最近一次采集失败，或者阿里云账号已暂停轮询；恒为 1。',
      sag_app_user_info: '实例的一个客户端账号；恒为 1。',
      sag_app_user_enabled: '该客户端账号是否已启用。',
      sag_app_user_bandwidth_limit_bytes_per_second: '该客户端账号的带宽峰值。',
      sag_app_user_accelerated_bandwidth_limit_bytes_per_second: '该客户端账号的应用加速带宽峰值。',
      sag_app_user_online_clients: '该客户端账号的在线客户端数；确定离线时为 0。',
      sag_app_user_last_online_timestamp_seconds:
        '该客户端账号最近一次被观察到在线的时间，持续在线期间的误差在一小时以内；从未观察到在线时不输出。',
      sag_app_user_first_seen_timestamp_seconds:
        '只用于从未被观察到在线的客户端账号：从何时起观察该账号；其他账号不输出。',
      sag_app_user_session_start_timestamp_seconds:
        '该客户端账号持续最久的会话的开始时间；账号离线时不输出。',
      sag_app_user_session_age_seconds:
        '抓取时该客户端账号持续最久的会话已持续的时间，取整秒；账号离线时不输出。',
      sag_app_user_traffic_month_bytes: '该客户端账号自本月初以来的流量，由阿里云统计。',
      sag_app_user_traffic_remaining_bytes:
        '该客户端账号本月剩余的免费流量；API 没有返回时不输出。',
      sag_app_session_start_timestamp_seconds:
        '会话的开始时间。同一账号从同一地址建立的会话合为一条时间序列，取最早的开始时间。',
      sag_app_exporter_build_info: 'exporter 和 Node.js 的版本；恒为 1。',
      sag_app_exporter_api_requests_total: 'API 调用次数，包括每次重试。',
      sag_app_exporter_api_request_duration_seconds:
        '从发出 API 调用到解析完应答的时间，不包括等待调用预算的时间。',
      sag_app_exporter_api_wait_seconds_total: 'API 调用等待调用预算和排队的时间。',
      sag_app_exporter_api_budget_requests_per_second: 'exporter 目前允许自己的 API 调用速率。',
      sag_app_exporter_config_last_reload_successful: '最近一次加载配置的尝试是否成功。',
      sag_app_exporter_config_last_reload_success_timestamp_seconds: '上次成功加载配置的时间。',
      sag_app_exporter_series:
        '客户端账号和会话的时间序列数：本次抓取输出的，或因 max_user_series 丢弃的。',
      sag_app_exporter_scrape_duration_seconds: '应答一次抓取的时间。',
      sag_app_exporter_storage_last_write_successful:
        '最近一次写入之后，重启时需要保留的数据是否已全部写入磁盘；没有 --storage.path 时不输出。',
      sag_app_exporter_storage_last_write_success_timestamp_seconds:
        '上次将重启时需要保留的数据全部写入磁盘的时间；没有 --storage.path 时不输出。',
      sag_app_exporter_storage_size_bytes:
        '--storage.path 目录下文件的大小；没有 --storage.path 时不输出。',
      sag_app_exporter_shard_info: '该 exporter 负责监控的分片；恒为 1。',
    },
    labels: {
      account: '配置中阿里云账号的名称。',
      operation: 'API 操作，例如 DescribeUserOnlineClients。',
      region_id: '地域，例如 cn-shanghai。',
      reason: '错误类别。',
      instance_id: 'SAG APP 实例 ID，例如 sag-kzo5dvms3dqii3。',
      name: '实例名称；未知时为空。',
      status: 'API 返回的状态，例如 Active；未知时为空。',
      state: '账号已启用（enabled）还是已禁用（disabled）。',
      unused_for: '时长，写法与 metrics.unused_after 相同，例如 30d。',
      stage: '采集阶段：users、online、sessions 或 traffic。',
      user_name: '客户端账号的用户名，可能是邮箱地址。',
      static_ip: '客户端账号是否有固定 IP 地址：true 或 false。',
      user_mail: '邮箱地址；metrics.user_mail 未启用时为空。',
      client_ip: '客户端的 IP 地址。',
      version: 'exporter 的版本。',
      revision: '构建时的提交；未知时为空。',
      node_version: 'Node.js 的版本。',
      code: 'OK、API 的错误码，没有错误码时为错误类别。出现 50 种之后，新的错误码记为 other。',
      disposition: '时间序列是已输出（exposed）还是已丢弃（dropped）。',
      kind: 'state（状态），或 history（已结束会话的历史记录）。',
      index: '分片的序号，从 0 到 total - 1。',
      total: '全部实例分成的分片数。',
    },
  },
};
