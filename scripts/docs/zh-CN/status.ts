/** The Chinese texts of the tables in docs/zh-CN/status.md, by their English texts. */
export const STATUS_IN_CHINESE: Readonly<Record<string, string>> = {
  parameter: '参数',
  instances: '实例列表',
  users: '客户端账号列表',
  field: '字段',
  type: '类型',
  meaning: '含义',

  section: '对象',
  list: '列表',
  text: '文本',
  time: '时间',
  number: '数',
  'whole number': '整数',

  'the same': '相同',
  ' (the default)': '（默认）',
  '`asc` or `desc`; by default what fits the column': '`asc` 或 `desc`；默认为适合该列的顺序',
  'text in name, id, account or region': '名称、ID、阿里云账号或地域中的文本',
  'text in what is shown of the user': '客户端账号所显示内容中的文本',
  'a duration such as `90d`: only users who were watched for so long without being online; an invalid one is refused with status 400':
    '时长，例如 `90d`：只列出被观察了这么久而没有上线的账号；无效的时长会被拒绝，状态码为 400',
  'from 1; past the end, the last': '从 1 开始；超出末尾时为最后一页',
  'up to MOST; by default USUAL, in JSON MOST': '最大 MOST；默认 USUAL，JSON 中默认 MOST',
  '`en` or `zh-CN`: the language of the page; not used by JSON and CSV':
    '`en` 或 `zh-CN`：页面的语言；JSON 和 CSV 不使用该参数',
  '`version`, `time` and `privacy` as above, and:':
    '`version`、`time` 和 `privacy` 与上表相同，此外还有：',

  'Version of this JSON.': '该 JSON 的版本。',
  'Time of this answer.': '该应答的时间。',
  'The exporter itself.': 'exporter 自身。',
  'Version of the exporter.': 'exporter 的版本。',
  'Commit it was built from; absent when unknown.': '构建时的提交；未知时没有该字段。',
  'Version of Node.js.': 'Node.js 的版本。',
  'When it started.': '启动时间。',
  'As `/-/ready`.': '与 `/-/ready` 相同。',
  'Time of the last scrape; absent before the first.': '上次抓取的时间；首次抓取之前没有该字段。',
  'Per-user and per-session series of that scrape; absent before the first.':
    '那次抓取中客户端账号和会话的时间序列数；首次抓取之前没有该字段。',
  'Series that `metrics.max_user_series` left out of it.':
    '因 `metrics.max_user_series` 而没有输出的时间序列数。',
  'Whether the state is kept on disk (`--storage.path`). While it is not, a restart forgets when users were last online.':
    '状态是否保存在磁盘上（`--storage.path`）。没有保存时，重启后会丢失账号的最近在线时间。',
  'When the configuration in force was loaded.': '当前生效的配置的加载时间。',
  'When a newer configuration was refused as invalid; absent unless one was.':
    '更新的配置因无效而被拒绝的时间；没有被拒绝时没有该字段。',
  'Problems of the refused configuration.': '被拒绝的配置中的问题。',
  'The privacy settings: what is shown of users.': '隐私设置：显示客户端账号的哪些信息。',
  '`metrics.detail`.': '`metrics.detail`。',
  '`metrics.user_name`.': '`metrics.user_name`。',
  '`metrics.user_mail`.': '`metrics.user_mail`。',
  'Whether client addresses are shown.': '是否显示客户端的 IP 地址。',
  'Problems that need attention, the worst first.': '需要关注的问题，最严重的在前。',
  'How bad it is.': '严重程度。',
  'What the problem is.': '问题是什么。',
  'What to do; absent when the text says it already.': '处理方法；`text` 中已经说明时没有该字段。',
  'Address of its runbook; absent when there is none.':
    '处理手册的地址；没有处理手册时没有该字段。',
  'The instance with the problem; absent when the problem is not about one instance.':
    '出现问题的实例；问题不针对单个实例时没有该字段。',
  'Name of its account.': '实例所属阿里云账号的名称。',
  'Its region.': '实例所在的地域。',
  'Its id.': '实例 ID。',

  'Sums over all instances.': '所有实例的合计。',
  'Instances watched.': '被监控的实例数。',
  'Instances that are up.': '可读取的实例数。',
  'Instances with findings.': '有问题的实例数。',
  'Whether all instances are known: discovery has succeeded once everywhere.':
    '是否已知道所有实例：每个地域的实例发现都已成功过一次。',
  'Users of all instances whose users are known; absent while there is no such instance.':
    '账号数已知的所有实例的客户端账号总数；没有这样的实例时没有该字段。',
  'Number of instances whose users are in the sum.': '账号数计入该合计的实例数。',
  'Sum of the limits; absent while one is unknown.': '配额的总和；有实例的配额未知时没有该字段。',
  'Users online in all instances whose count is known; absent while there is no such instance.':
    '在线数已知的所有实例的在线账号总数；没有这样的实例时没有该字段。',
  'Clients online of the same instances.': '上述实例的在线客户端总数。',
  'Number of instances in these two sums.': '计入这两个合计的实例数。',
  'Unused users, whose seats could be freed: an entry for each `metrics.unused_after`.':
    '可以让出配额的未使用账号；`metrics.unused_after` 中每个时长一项。',
  'The time as it is configured, such as 90d.': '配置中所写的时长，例如 90d。',
  'The same in seconds.': '该时长的秒数。',
  'Such users of all instances where this is known; absent while there is none.':
    '这一数量已知的所有实例中此类账号的总数；没有这样的实例时没有该字段。',
  'Number of instances in this sum.': '计入该合计的实例数。',
  'A page of the instances.': '实例列表的一页。',
  'Number of all items, without the query.': '不考虑查询条件时的总项数。',
  'Number of items that match the query.': '符合查询条件的项数。',
  'Number of this page, from 1.': '本页的页码，从 1 开始。',
  'Number of pages.': '总页数。',
  'Items on a page.': '每页的项数。',
  'The instances of this page.': '本页的实例。',

  'Name of the account in the configuration.': '配置中阿里云账号的名称。',
  'Region, such as cn-shanghai.': '地域，例如 cn-shanghai。',
  'Id of the instance.': '实例 ID。',
  'Its name; absent when unknown.': '实例名称；未知时没有该字段。',
  'Its state in the words of the API; absent when unknown.':
    'API 返回的实例状态；未知时没有该字段。',
  'As `sag_app_instance_up`.': '与 `sag_app_instance_up` 相同。',
  'The worst of: `down`, the instance cannot be read, because the newest pass of a stage failed or the account is paused (its users are not affected); `critical`, users at 95 % of the limit, or a subscription that has ended or ends within 7 days; `warning`, users at 85 % of the limit, a stale stage, or a subscription that ends within 30 days; `starting`, not read yet; `ok`.':
    '取其中最严重的一项：`down`，实例无法读取，因为某个采集阶段最近一次采集失败，或者阿里云账号已暂停轮询（客户端不受影响）；`critical`，账号数达到配额的 95%，或者实例已到期或将在 7 天内到期；`warning`，账号数达到配额的 85%、某个采集阶段的数据已过时，或者实例将在 30 天内到期；`starting`，尚未读取；`ok`。',
  'Its findings, the worst first: `unreadable`, `stale`, and the states of users and subscription that are not `ok`.':
    '实例的问题，最严重的在前：`unreadable`、`stale`，以及不为 `ok` 的配额状态和到期状态。',
  'Why it cannot be read now, each reason once; while the account is paused, only the reason of the pause.':
    '目前无法读取的原因，每种原因一次；阿里云账号暂停期间，只有暂停的原因。',
  'Kind of the error, as in docs/design.md.': '错误类别，参见 docs/design.md。',
  'The API action that failed.': '失败的 API 操作。',
  "The API's own code; absent without one.": 'API 的错误码；没有错误码时没有该字段。',
  "The API's id of the call; absent without one.": 'API 的请求 ID；没有请求 ID 时没有该字段。',
  'HTTP status of the answer; absent without one.': '应答的 HTTP 状态码；没有应答时没有该字段。',
  'What happened.': '发生了什么。',
  'What to do; absent when the message says it already.':
    '处理方法；`message` 中已经说明时没有该字段。',
  'Users, enabled and disabled.': '客户端账号数，包括已启用和已禁用的账号。',
  'Enabled users.': '已启用的账号数。',
  'Disabled users.': '已禁用的账号数。',
  'Limit of users.': '客户端账号配额。',
  'Users as a share of the limit.': '客户端账号数占配额的比例。',
  '`warning` from 85 % of the limit, `critical` from 95 %.':
    '达到配额的 85% 时为 `warning`，达到 95% 时为 `critical`。',
  '`filling-up` from 85 % of the limit, `nearly-full` from 95 %, `full` at the limit, `over-limit` above it.':
    '达到配额的 85% 时为 `filling-up`，达到 95% 时为 `nearly-full`，达到配额时为 `full`，超出配额时为 `over-limit`。',
  'Users that may still be added.': '还可以添加的账号数。',
  'Unused users: those who were not online for a time, an entry for each `metrics.unused_after`.':
    '未使用的账号，即一段时间内没有上线的账号；`metrics.unused_after` 中每个时长一项。',
  'Users who were watched for so long without being online; absent until the instance was watched for so long, and while the online stage is stale.':
    '被观察了这么久而没有上线的账号数；对实例的观察不足该时长时，以及在线状态的数据过时期间，没有该字段。',
  'Since when it is recorded who is online; absent before the first complete online pass.':
    '从何时起记录谁在线；首次完整的在线状态采集之前没有该字段。',
  'Seconds since then, without the times in which the exporter was down or could not count.':
    '从那时起的秒数，不包括 exporter 停止或无法统计的时间。',
  'Users with a client online.': '有客户端在线的账号数。',
  'Clients online.': '在线客户端数。',
  'Start of the longest-running session.': '持续最久的会话的开始时间。',
  'Its age.': '该会话已持续的时间。',
  'Sessions that the exporter has seen start.': 'exporter 发现的已开始的会话数。',
  'Sessions that the exporter has seen end.': 'exporter 发现的已结束的会话数。',
  'Implausible values of the API, each described in a sentence. They are not shown.':
    'API 返回的不可信的值，每个用一句话说明。这些值不会显示。',
  'Bandwidth of the instance.': '实例的带宽峰值。',
  'Sum of the bandwidth of its enabled users.': '实例中已启用账号的带宽峰值总和。',
  'End of the subscription.': '到期时间。',
  '`ending` in the last 30 days, `nearly-ended` in the last 7 days, `ended`.':
    '最后 30 天为 `ending`，最后 7 天为 `nearly-ended`，到期后为 `ended`。',
  'Seconds until its end; 0 after it.': '距离到期的秒数；到期后为 0。',
  'Seconds since its end; 0 before it.': '到期后经过的秒数；到期前为 0。',

  'State of its stages. `traffic` is absent unless it is polled.':
    '各采集阶段的状态。没有采集流量时没有 `traffic`。',
  'The list of users.': '账号列表。',
  'When a pass last succeeded; absent before the first.':
    '上次采集成功的时间；首次成功之前没有该字段。',
  'Seconds since then.': '从那时起的秒数。',
  'Whether its data are too old to be shown, here and on /metrics.':
    '其数据是否已经过时，因而在这里和 /metrics 上都不显示。',
  'How the newest pass ended; absent before the first.':
    '最近一次采集的结果；首次采集之前没有该字段。',
  'Whether a pass is running.': '是否有采集正在进行。',
  'Share of the running pass that is done; 1 when none is running.':
    '正在进行的采集已完成的比例；没有采集在进行时为 1。',
  'How long the last successful pass took.': '上次成功的采集的耗时。',
  'Time from the start of a pass to the start of the next.':
    '从一次采集开始到下一次采集开始的时间。',
  'Passes that failed since the exporter started.': 'exporter 启动以来失败的采集次数。',
  'Why the newest pass failed; absent when it succeeded.':
    '最近一次采集失败的原因；成功时没有该字段。',
  'Who is online; the same fields.': '在线状态；字段相同。',
  'Since when and from where; the same fields.': '会话的开始时间和来源地址；字段相同。',
  'Traffic; the same fields.': '流量；字段相同。',

  'The accounts of the configuration.': '配置中的阿里云账号。',
  'Name of the account.': '阿里云账号的名称。',
  'As `sag_app_account_up`.': '与 `sag_app_account_up` 相同。',
  'Why polling is paused; absent while it is not.': '暂停轮询的原因；没有暂停时没有该字段。',
  'Batched operations that are missing in a region or for an instance.':
    '在某个地域或对某个实例缺少的批量操作。',
  'The regions and instances where a batched operation is missing, and the reason.':
    '缺少批量操作的地域和实例，以及原因。',
  'The batched operation.': '批量操作。',
  '`forbidden`: it is not permitted. `unsupported`: it is not known to the API.':
    '`forbidden`：没有权限。`unsupported`：API 不支持该操作。',
  'Region in which it is missing.': '缺少该操作的地域。',
  'Instance for which it is missing; absent for the whole region.':
    '缺少该操作的实例；针对整个地域时没有该字段。',
  '`info`: totals are missing, which is harmless. `warning`: users are asked one by one.':
    '`info`：缺少总数，没有影响。`warning`：改为逐个查询账号。',
  'What is missing, and what the exporter does instead.': '缺少什么，以及 exporter 改用什么方式。',
  'Its budget for each operation.': '该阿里云账号对每个操作的调用预算。',
  'The API action.': 'API 操作。',
  'Calls per second that are allowed now.': '目前每秒允许的调用次数。',
  'Calls per second that `polling.requests_per_second` allows.':
    '`polling.requests_per_second` 允许的每秒调用次数。',
  'Calls since the exporter started, including retries.': 'exporter 启动以来的调用次数，包括重试。',
  'Calls that the API throttled.': '被 API 限流的调用次数。',
  'End of a pause that the API asked for; absent without such a pause.':
    'API 要求暂停调用到何时；没有这样的暂停时没有该字段。',
  'Regions in which its instances are discovered.': '在哪些地域发现该阿里云账号的实例。',
  'Region; empty for the search for regions.': '地域；查询地域列表时为空。',
  'State of its discovery.': '该地域实例发现的状态。',
  'Regions in the list of the API that discovery skips.': 'API 列出、但实例发现跳过的地域。',
  'Region.': '地域。',
  'Its name in the list of the API, in Chinese; absent without a name.':
    '该地域在 API 列表中的中文名称；没有名称时没有该字段。',
  'Why it is skipped.': '跳过的原因。',
  'Failed calls, grouped by account, operation and error, the newest first.':
    '失败的调用，按阿里云账号、操作和错误分组，最近的在前。',
  'Calls that failed in this way since the exporter started.':
    'exporter 启动以来以这种方式失败的调用次数。',
  'Time of the newest.': '最近一次的时间。',
  'Error of the newest.': '最近一次的错误。',

  'As in /api/v1/status.': '与 /api/v1/status 相同。',
  'Absent when the privacy settings hide users, while the users are unknown or stale, and while nothing can be called unused for as long as `unused_for` says.':
    '在以下情况没有该字段：隐私设置隐藏了客户端账号；账号列表未知或已过时；还不能判断哪些账号在 `unused_for` 所说的时长内未使用。',
  'The users of this page.': '本页的客户端账号。',
  'Its name, or the substitute that `metrics.user_name` sets.':
    '用户名，或按 `metrics.user_name` 的设置代替用户名的内容。',
  'Its mail address, with `metrics.user_mail`.': '邮箱地址；需要启用 `metrics.user_mail`。',
  'Whether it may connect.': '是否允许连接。',
  'Whether it has a fixed address.': '是否有固定 IP 地址。',
  'Clients online; 0 when known to be offline.': '在线客户端数；确定离线时为 0。',
  'Start of its longest-running session.': '该账号持续最久的会话的开始时间。',
  'Age of that session.': '该会话已持续的时间。',
  'When it was last seen online, to the hour while it is online; absent when it was not seen online since `watchedSince`.':
    '最近一次被观察到在线的时间，在线期间精确到小时；自 `watchedSince` 起没有被观察到在线时没有该字段。',
  'Since when it is recorded whether it is online; absent until a complete online pass has counted it.':
    '从何时起记录该账号是否在线；在一次完整的在线状态采集统计到该账号之前没有该字段。',
  'How long it was watched without being online: 0 while it is online. The time in which the exporter was down or could not count is left out.':
    '被观察而没有上线的时间；在线时为 0。不包括 exporter 停止或无法统计的时间。',
  'Its sessions, the oldest first.': '该账号的会话，最早的在前。',
  'Address of the client; absent when the privacy settings hide it.':
    '客户端的 IP 地址；隐私设置隐藏时没有该字段。',
  'When it connected; absent when unknown.': '连接的时间；未知时没有该字段。',
  'Its fixed address; absent when the privacy settings hide it.':
    '固定 IP 地址；隐私设置隐藏时没有该字段。',
  'Bandwidth it may use.': '带宽峰值。',
  'Accelerated bandwidth it may use.': '应用加速带宽峰值。',
  'Traffic since the month began.': '本月初以来的流量。',
  "What is left of the month's free traffic.": '本月剩余的免费流量。',
  'Why there is no `users`.': '没有 `users` 的原因。',
};
