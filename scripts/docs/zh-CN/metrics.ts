/** The beginning of docs/zh-CN/metrics.md. */
export const METRICS_INTRODUCTION = `# 指标

\`npm run docs\` 根据 \`src/metrics/catalog\` 中的声明生成本页，译文在 \`scripts/docs/zh-CN\` 中。

指标的值来自各采集阶段最近一次采集；抓取从不引发 API 调用。值未知的时间序列不输出；某个采集阶段的数据过时后，属于它的时间序列也不输出。
带宽的单位是字节/秒（API 使用 Kbit/s）。每个示例都是一条使用该指标的 PromQL 查询；[promql.md](../promql.md) 按要回答的问题
列出更多查询。\`/metrics\` 中的说明文字（HELP）是英文的。

## 实例与客户端账号`;

/** The Chinese texts of the tables in docs/zh-CN/metrics.md, by their English texts. */
export const METRICS_IN_CHINESE: Readonly<Record<string, string>> = {
  name: '名称',
  type: '类型',
  unit: '单位',
  meaning: '含义',
  labels: '标签',
  'Example: ': '示例：',
  'The exporter itself': 'exporter 自身',
  'The default `process_*` and `nodejs_*` metrics of prom-client are exposed too.':
    '此外还输出 prom-client 默认的 `process_*` 和 `nodejs_*` 指标。',

  count: '数量',
  info: '信息',
  boolean: '布尔值（0 或 1）',
  timestamp_seconds: 'Unix 时间戳（秒）',
  seconds: '秒',
  bytes: '字节',
  bytes_per_second: '字节/秒',
  requests_per_second: '次/秒',
  ratio: '比率',

  "Whether the account's newest API call was authenticated and answered.":
    '该阿里云账号最近一次 API 调用是否通过身份验证并得到应答。',
  'Name of the Alibaba Cloud account in the configuration.': '配置中阿里云账号的名称。',
  'Whether the exporter works without a batched operation, because the API forbids it or does not know it.':
    'exporter 是否因为 API 没有授权或不支持某个批量操作，而在没有该操作的情况下工作。',
  'The batched API action.': 'API 操作，例如 DescribeUserOnlineClients。',
  'When the instances of the region were last discovered or looked up.':
    '该地域的实例上次被发现或查询的时间。',
  'Region, such as cn-shanghai.': '地域，例如 cn-shanghai。',
  'Failed discovery passes; a reason has a series once it has occurred.':
    '实例发现失败的次数；某种原因出现之后才有对应的时间序列。',
  'Kind of the error.': '错误类别。',
  'A monitored SAG APP instance, as last read by discovery; always 1.':
    '被监控的 SAG APP 实例，内容来自最近一次实例发现；恒为 1。',
  'SAG APP instance, such as sag-kzo5dvms3dqii3.': 'SAG APP 实例 ID，例如 sag-kzo5dvms3dqii3。',
  'Name of the instance; empty when unknown.': '实例名称；未知时为空。',
  'Status from the API, such as Active; empty when unknown.':
    'API 返回的状态，例如 Active；未知时为空。',
  'Whether the newest attempt of every stage of the instance succeeded and its account is not paused.':
    '该实例每个采集阶段的最近一次尝试是否都成功，并且其阿里云账号没有暂停轮询。',
  "When the instance's subscription ends.": '实例的到期时间。',
  'Total bandwidth of the instance.': '实例的带宽峰值。',
  'Maximum number of users of the instance; enabled and disabled users both count.':
    '实例的客户端账号配额；已启用和已禁用的账号都占用配额。',
  'Users of the instance, as counted by the newest users pass.':
    '实例的客户端账号数，来自最近一次账号列表采集。',
  'Whether the users are enabled or disabled.': '账号已启用（enabled）还是已禁用（disabled）。',
  "Sum of the users' bandwidth limits.": '各客户端账号带宽峰值的总和。',
  "Sum of the users' application acceleration bandwidth limits.":
    '各客户端账号应用加速带宽峰值的总和。',
  'Users with at least one online client, as counted by the newest online pass.':
    '至少有一个客户端在线的账号数，来自最近一次在线状态采集。',
  'Online clients of all users, as counted by the newest online pass.':
    '所有账号的在线客户端总数，来自最近一次在线状态采集。',
  'When the longest-running session of the instance began; absent when no user is online.':
    '实例中持续最久的会话的开始时间；没有账号在线时不输出。',
  'Sessions that began between two sessions passes.': '在两次会话采集之间开始的会话数。',
  'Sessions that ended between two sessions passes.': '在两次会话采集之间结束的会话数。',
  "Online passes in which the sum over the users differed from the API's total for the instance.":
    '各账号的在线数之和与 API 返回的实例总数不一致的在线状态采集次数。',
  'How long ended sessions lasted; sessions whose start the API did not tell are left out.':
    '已结束会话的持续时间；API 没有返回开始时间的会话不计入。',
  'Users, enabled and disabled, who were not seen online for that long; absent until the instance has been watched for so long.':
    '在这段时间内没有上线的客户端账号数，包括已启用和已禁用的账号；对实例的观察不足这段时间时不输出。',
  'The time as metrics.unused_after has it, such as 30d.':
    '时长，写法与 metrics.unused_after 相同，例如 30d。',
  'Since when it is recorded which users are online.': '从何时起记录哪些客户端账号在线。',
  'When the stage last succeeded on the instance; its data is from then.':
    '该采集阶段在该实例上次成功的时间；其数据就是当时的数据。',
  'Stage of the polling: users, online, sessions or traffic.':
    '采集阶段：users、online、sessions 或 traffic。',
  'Duration of the last complete pass of the stage.': '该采集阶段上一次完整采集的耗时。',
  'Completed share of the running pass; 1 when no pass is running.':
    '正在进行的采集已完成的比例；没有采集在进行时为 1。',
  'Failed passes of the stage; a reason has a series once it has occurred.':
    '该采集阶段失败的次数；某种原因出现之后才有对应的时间序列。',
  'Why the stage cannot be read now: its newest pass failed, or the account is paused; always 1.':
    '该采集阶段目前无法读取的原因：最近一次采集失败，或者阿里云账号已暂停轮询；恒为 1。',
  'A user (client account) of the instance; always 1.': '实例的一个客户端账号；恒为 1。',
  'Name of the user (client account), which may be a mail address.':
    '客户端账号的用户名，可能是邮箱地址。',
  'Whether the user has a static address: true or false.':
    '客户端账号是否有固定 IP 地址：true 或 false。',
  'Mail address; empty unless metrics.user_mail is on.':
    '邮箱地址；metrics.user_mail 未启用时为空。',
  'Whether the user is enabled.': '该客户端账号是否已启用。',
  'Maximum bandwidth of the user.': '该客户端账号的带宽峰值。',
  'Maximum application acceleration bandwidth of the user.': '该客户端账号的应用加速带宽峰值。',
  'Online clients of the user; 0 when the user is known to be offline.':
    '该客户端账号的在线客户端数；确定离线时为 0。',
  'When the user was last seen online, within an hour while the user stays online; absent when the user was never seen online.':
    '该客户端账号最近一次被观察到在线的时间，持续在线期间的误差在一小时以内；从未观察到在线时不输出。',
  'For a user who was never seen online: since when the user is watched; absent for all other users.':
    '只用于从未被观察到在线的客户端账号：从何时起观察该账号；其他账号不输出。',
  "When the user's longest-running session began; absent when the user is offline.":
    '该客户端账号持续最久的会话的开始时间；账号离线时不输出。',
  "Age of the user's longest-running session at the time of the scrape, in whole seconds; absent when the user is offline.":
    '抓取时该客户端账号持续最久的会话已持续的时间，取整秒；账号离线时不输出。',
  'Traffic of the user since the beginning of the month, as counted by the cloud.':
    '该客户端账号自本月初以来的流量，由阿里云统计。',
  'Remaining free traffic of the user in this month; absent when the API omits it.':
    '该客户端账号本月剩余的免费流量；API 没有返回时不输出。',
  'When the session began. Sessions of one user from one address are one series, with the oldest start.':
    '会话的开始时间。同一账号从同一地址建立的会话合为一条时间序列，取最早的开始时间。',
  'Address of the client.': '客户端的 IP 地址。',
  'Version of the exporter and of Node.js; always 1.': 'exporter 和 Node.js 的版本；恒为 1。',
  'Version of the exporter.': 'exporter 的版本。',
  'Commit it was built from; empty when unknown.': '构建时的提交；未知时为空。',
  'Version of Node.js.': 'Node.js 的版本。',
  'API calls made, including each retry.': 'API 调用次数，包括每次重试。',
  'API action, such as DescribeUserOnlineClients.': 'API 操作，例如 DescribeUserOnlineClients。',
  "OK, or the API's error code, or the kind of the error when there was no code. After 50 distinct codes, a new one is counted as other.":
    'OK、API 的错误码，没有错误码时为错误类别。出现 50 种之后，新的错误码记为 other。',
  'Time from sending an API call to its parsed reply; waiting for the budget is excluded.':
    '从发出 API 调用到解析完应答的时间，不包括等待调用预算的时间。',
  'Time API calls waited for the budget and their turn.': 'API 调用等待调用预算和排队的时间。',
  'Rate of API calls that the exporter currently allows itself.':
    'exporter 目前允许自己的 API 调用速率。',
  'Whether the newest attempt to load the configuration succeeded.':
    '最近一次加载配置的尝试是否成功。',
  'When the configuration was last loaded successfully.': '上次成功加载配置的时间。',
  'Per-user and per-session series: exposed in this scrape, or dropped because of max_user_series.':
    '客户端账号和会话的时间序列数：本次抓取输出的，或因 max_user_series 丢弃的。',
  'Whether the series are exposed or dropped.':
    '时间序列是已输出（exposed）还是已丢弃（dropped）。',
  'Time to answer a scrape.': '应答一次抓取的时间。',
  'Whether everything that is to survive a restart is on disk since the newest attempt; absent without --storage.path.':
    '最近一次写入之后，重启时需要保留的数据是否已全部写入磁盘；没有 --storage.path 时不输出。',
  'When everything that is to survive a restart was last on disk; absent without --storage.path.':
    '上次将重启时需要保留的数据全部写入磁盘的时间；没有 --storage.path 时不输出。',
  'Size of the files under --storage.path; absent without it.':
    '--storage.path 目录下文件的大小；没有 --storage.path 时不输出。',
  'state, or history: the ended sessions.': 'state（状态），或 history（已结束会话的历史记录）。',
  'The part of the fleet that this exporter watches; always 1.':
    '该 exporter 负责监控的分片；恒为 1。',
  'Number of the part, from 0 to total - 1.': '分片的序号，从 0 到 total - 1。',
  'Number of parts that the fleet is divided into.': '全部实例分成的分片数。',
};
