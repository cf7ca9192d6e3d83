/** The Chinese texts of the tables in docs/zh-CN/configuration.md, by their English texts. */
export const CONFIGURATION_IN_CHINESE: Readonly<Record<string, string>> = {
  key: '配置项',
  type: '类型',
  default: '默认值',
  meaning: '含义',
  example: '示例',
  'must be given': '必填',

  duration: '时长',
  list: '列表',
  section: '配置块',
  text: '文本',
  'number above 0': '大于 0 的数',
  'whole number': '整数',
  'whole number from MINIMUM up': '不小于 MINIMUM 的整数',
  'whole number from MINIMUM to MAXIMUM': 'MINIMUM 到 MAXIMUM 的整数',
  ' or ': ' 或',

  Accounts: '阿里云账号',
  Polling: '轮询',
  Metrics: '指标',
  History: '历史记录',
  Proxy: '代理',
  Sharding: '分片',

  'The Alibaba Cloud accounts to watch.': '要监控的阿里云账号。',
  'The name of the account, used as its `account` label; must be unique.':
    '阿里云账号的名称，用作 `account` 标签的值；不能重复。',
  "The access key; by default Alibaba Cloud's default credential chain finds one.":
    '访问密钥；默认由阿里云的默认凭据链查找。',
  'The id of the access key; may be omitted only with `role_arn`.':
    '访问密钥的 ID（AccessKey ID）；只有设置了 `role_arn` 时才能省略。',
  'The secret of the access key; give either this or `access_key_secret_file`.':
    '访问密钥的密钥值（AccessKey Secret）；该项与 `access_key_secret_file` 二选一。',
  'File with the secret of the access key; a relative path starts at the folder of the configuration file.':
    '保存访问密钥密钥值的文件；相对路径从配置文件所在的目录开始。',
  'The token of a temporary access key.': '临时访问密钥的安全令牌（STS Token）。',
  'The role to assume, with this access key or with the credentials that the default chain finds.':
    '要扮演的 RAM 角色；使用这里的访问密钥，或默认凭据链找到的访问凭据。',
  'STS server that is asked for the role; by default the server of the region in ALIBABA_CLOUD_STS_REGION, else sts.aliyuncs.com.':
    '用于扮演角色的 STS 服务器；默认为 ALIBABA_CLOUD_STS_REGION 所指地域的服务器，未设置该变量时为 sts.aliyuncs.com。',
  "Server that is called for every region; by default each region's own endpoint is called.":
    '所有地域都调用该服务器；默认调用各地域自己的接入地址。',
  'Where to discover instances; by default the region in ALIBABA_CLOUD_REGION_ID, else every region that the API lists and does not mark as closed or internal.':
    '在哪些地域发现实例；默认为 ALIBABA_CLOUD_REGION_ID 所指的地域，未设置该变量时为 API 列出的、未标明已关停或内部测试的所有地域。',
  'Whether to discover instances; by default true unless `instances` names some.':
    '是否发现实例；默认为 true，但在 `instances` 中列出实例后默认为 false。',
  'Instances that are watched in any case, even when discovery is not permitted.':
    '无论如何都要监控的实例，即使没有发现实例的权限。',
  'The id of the instance.': '实例 ID。',
  "The region of the instance; by default the account's only region.":
    '实例所在的地域；默认为该阿里云账号唯一的地域。',
  "How many users the instance may have; overrides the API's UserCount.":
    '该实例的客户端账号配额；优先于 API 返回的 UserCount。',
  'Globs on instance id or name; a discovered instance is kept when one of them matches; an empty list keeps all.':
    '用于匹配实例 ID 或名称的通配符；发现的实例匹配其中任意一个时保留；空列表表示全部保留。',
  'Globs on instance id or name; a discovered instance is dropped when one of them matches, even if `include` matches too.':
    '用于匹配实例 ID 或名称的通配符；发现的实例匹配其中任意一个时排除，即使同时匹配 `include`。',
  'What the API is asked, and how often; an interval runs from the start of a pass to the start of the next.':
    '向 API 查询什么、多久查询一次；间隔从一次采集开始算到下一次采集开始。',
  'How to find out which users are online: `batched` asks for many users in one call, `fan-out` asks for one user in each call, `auto` batches where that is permitted.':
    '如何得知哪些客户端账号在线：`batched` 一次调用查询多个账号，`fan-out` 一次调用查询一个账号，`auto` 在有权限时分批查询。',
  'How often instances and their limits are discovered.': '多久发现一次实例及其配额。',
  'How often the users of an instance are listed.': '多久列出一次实例的客户端账号。',
  'How often to ask which users are online; when a pass takes longer, the next one begins at once.':
    '多久查询一次哪些客户端账号在线；如果一次采集耗时更长，下一次采集紧接着开始。',
  'How often to read the sessions of a user again while their number does not change.':
    '会话数量没有变化时，多久重新读取一次客户端账号的会话。',
  'The traffic stage.': '流量采集阶段。',
  'Whether the traffic of users is read.': '是否读取客户端账号的流量。',
  'How often traffic is read.': '多久读取一次流量。',
  'The series of a stage disappear when this time has passed without a successful pass, but not before twice its interval plus the duration of its last pass.':
    '某个采集阶段超过该时长没有成功，其时间序列就会消失；但至少保留到该阶段间隔的两倍加上次采集的耗时之后。',
  'Maximum number of users in one answer of the API.': 'API 一次应答中客户端账号的最大数量。',
  'Maximum duration of one API call.': '一次 API 调用的最长时间。',
  'Maximum number of API calls in flight, per account.':
    '每个阿里云账号同时进行的 API 调用的最大数量。',
  'Upper bound of the call budget, per account and operation; fractions are allowed.':
    '调用预算的上限，按阿里云账号和操作分别计算；可以是小数。',
  'Whether the budget finds and follows the limit of the API below `requests_per_second`.':
    '是否在 `requests_per_second` 以内自动探测并跟随 API 的限流阈值。',
  'What is exposed.': '输出哪些指标。',
  'The smallest things that have series of their own.': '拥有独立时间序列的最小对象。',
  'Content of the `user_name` label: the name (which may be a mail address), its keyed hash, or nothing.':
    '`user_name` 标签的内容：用户名（可能是邮箱地址）、带密钥的哈希值，或者为空。',
  'File with the key of the hash (HMAC-SHA256, first 16 hex digits), required with `user_name: hash`; a relative path starts at the folder of the configuration file.':
    '保存哈希密钥的文件（HMAC-SHA256，取前 16 位十六进制数字），`user_name: hash` 时必填；相对路径从配置文件所在的目录开始。',
  'Whether `sag_app_user_info` has the mail address; refused with a hashed or omitted name; a plain user name that is a mail address is exposed in any case.':
    '`sag_app_user_info` 是否包含邮箱地址；用户名被哈希或省略时不允许设置为 true；用户名本身是邮箱地址时，`user_name: plain` 总会输出它。',
  'Whether `sag_app_user_session_age_seconds` is exposed.':
    '是否输出 `sag_app_user_session_age_seconds`。',
  'Maximum number of per-user and per-session series that are exposed.':
    '客户端账号和会话的时间序列最多输出多少条。',
  'After which times without being online users count as unused in `sag_app_users_unused`, whose label `unused_for` has the text as it is written here; `[]` for none.':
    '客户端账号多久未上线算作未使用，用于 `sag_app_users_unused`；标签 `unused_for` 的值与这里的写法相同；`[]` 表示不统计。',
  'The record of sessions that have ended; see [audit.md](audit.md).':
    '已结束会话的历史记录，参见 [audit.md](audit.md)。',
  'Whether each session that ends is written to a file under `--storage.path`, which must be given; refused with `user_name: omit`.':
    '是否把每个结束的会话写入 `--storage.path` 目录下的文件（必须指定该目录）；`user_name: omit` 时不允许启用。',
  'How long a day is kept after it has ended; then its file is deleted.':
    '每一天的记录在当天结束后保留多久；之后删除该天的文件。',
  'HTTP proxy for API calls; by default the environment variables HTTPS_PROXY and NO_PROXY decide.':
    'API 调用使用的 HTTP 代理；默认由环境变量 HTTPS_PROXY 和 NO_PROXY 决定。',
  'The part of the fleet that this process watches; see [scaling.md](scaling.md).':
    '本进程负责监控的部分，参见 [scaling.md](../scaling.md)。',
  "Which part this process watches: a number below `total`, or `hostname` for the ordinal at the end of a StatefulSet pod's name.":
    '本进程负责第几个分片：小于 `total` 的数字，或用 `hostname` 表示 StatefulSet 的 Pod 名称末尾的序号。',
  'Number of parts into which the fleet and the call budget are divided; must be the same in every process.':
    '全部实例和调用预算分成多少个分片；所有进程中必须相同。',
};
