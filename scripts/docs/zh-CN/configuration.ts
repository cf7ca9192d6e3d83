import type { ConfigurationWords } from '../configuration.ts';

/** The tables of docs/zh-CN/configuration.md. */
export const CONFIGURATION_IN_CHINESE: ConfigurationWords = {
  sections: {
    accounts: '阿里云账号',
    polling: '轮询',
    metrics: '指标',
    history: '历史记录',
    proxy: '代理',
    shard: '分片',
  },
  columns: ['配置项', '类型', '默认值', '含义', '示例'],
  types: {
    duration: '时长',
    list: '列表',
    section: '配置块',
    text: '文本',
    numberAboveZero: '大于 0 的数',
    wholeNumber: '整数',
    wholeNumberFrom: (minimum) => `不小于 ${minimum} 的整数`,
    wholeNumberBetween: (minimum, maximum) => `${minimum} 到 ${maximum} 的整数`,
  },
  or: ' 或',
  mustBeGiven: '必填',
  meanings: {
    accounts: '要监控的阿里云账号。',
    'accounts[].name': '阿里云账号的名称，用作 `account` 标签的值；不能重复。',
    'accounts[].credentials': '访问密钥；默认由阿里云的默认凭据链查找。',
    'accounts[].credentials.access_key_id':
      '访问密钥的 ID（AccessKey ID）；只有设置了 `role_arn` 时才能省略。',
    'accounts[].credentials.access_key_secret':
      '访问密钥的密钥值（AccessKey Secret）；该项与 `access_key_secret_file` 二选一。',
    'accounts[].credentials.access_key_secret_file':
      '保存访问密钥密钥值的文件；相对路径从配置文件所在的目录开始。',
    'accounts[].credentials.security_token': '临时访问密钥的安全令牌（STS Token）。',
    'accounts[].credentials.role_arn':
      '要扮演的 RAM 角色；使用这里的访问密钥，或默认凭据链找到的访问凭据。',
    'accounts[].credentials.sts_endpoint':
      '用于扮演角色的 STS 服务器；默认为 ALIBABA_CLOUD_STS_REGION 所指地域的服务器，未设置该变量时为 sts.aliyuncs.com。',
    'accounts[].endpoint': '所有地域都调用该服务器；默认调用各地域自己的接入地址。',
    'accounts[].regions':
      '在哪些地域发现实例；默认为 ALIBABA_CLOUD_REGION_ID 所指的地域，未设置该变量时为 API 列出的、未标明已关停或内部测试的所有地域。',
    'accounts[].discovery':
      '是否发现实例；默认为 true，但在 `instances` 中列出实例后默认为 false。',
    'accounts[].instances': '无论如何都要监控的实例，即使没有发现实例的权限。',
    'accounts[].instances[].id': '实例 ID。',
    'accounts[].instances[].region': '实例所在的地域；默认为该阿里云账号唯一的地域。',
    'accounts[].instances[].users_limit': '该实例的客户端账号配额；优先于 API 返回的 UserCount。',
    'accounts[].include':
      '用于匹配实例 ID 或名称的通配符；发现的实例匹配其中任意一个时保留；空列表表示全部保留。',
    'accounts[].exclude':
      '用于匹配实例 ID 或名称的通配符；发现的实例匹配其中任意一个时排除，即使同时匹配 `include`。',
    polling: '向 API 查询什么、多久查询一次；间隔从一次采集开始算到下一次采集开始。',
    'polling.strategy':
      '如何得知哪些客户端账号在线：`batched` 一次调用查询多个账号，`fan-out` 一次调用查询一个账号，`auto` 在有权限时分批查询。',
    'polling.discovery_interval': '多久发现一次实例及其配额。',
    'polling.users_interval': '多久列出一次实例的客户端账号。',
    'polling.online_interval':
      '多久查询一次哪些客户端账号在线；如果一次采集耗时更长，下一次采集紧接着开始。',
    'polling.sessions_interval': '会话数量没有变化时，多久重新读取一次客户端账号的会话。',
    'polling.traffic': '流量采集阶段。',
    'polling.traffic.enabled': '是否读取客户端账号的流量。',
    'polling.traffic.interval': '多久读取一次流量。',
    'polling.stale_after':
      '某个采集阶段超过该时长没有成功，其时间序列就会消失；但至少保留到该阶段间隔的两倍加上次采集的耗时之后。',
    'polling.page_size': 'API 一次应答中客户端账号的最大数量。',
    'polling.timeout': '一次 API 调用的最长时间。',
    'polling.concurrency': '每个阿里云账号同时进行的 API 调用的最大数量。',
    'polling.requests_per_second': '调用预算的上限，按阿里云账号和操作分别计算；可以是小数。',
    'polling.adaptive': '是否在 `requests_per_second` 以内自动探测并跟随 API 的限流阈值。',
    metrics: '输出哪些指标。',
    'metrics.detail': '拥有独立时间序列的最小对象。',
    'metrics.user_name':
      '`user_name` 标签的内容：用户名（可能是邮箱地址）、带密钥的哈希值，或者为空。',
    'metrics.hash_key_file':
      '保存哈希密钥的文件（HMAC-SHA256，取前 16 位十六进制数字），`user_name: hash` 时必填；相对路径从配置文件所在的目录开始。',
    'metrics.user_mail':
      '`sag_app_user_info` 是否包含邮箱地址；用户名被哈希或省略时不允许设置为 true；用户名本身是邮箱地址时，`user_name: plain` 总会输出它。',
    'metrics.session_age': '是否输出 `sag_app_user_session_age_seconds`。',
    'metrics.max_user_series': '客户端账号和会话的时间序列最多输出多少条。',
    'metrics.unused_after':
      '客户端账号多久未上线算作未使用，用于 `sag_app_users_unused`；标签 `unused_for` 的值与这里的写法相同；`[]` 表示不统计。',
    history: '已结束会话的历史记录，参见 [audit.md](../audit.md)。',
    'history.enabled':
      '是否把每个结束的会话写入 `--storage.path` 目录下的文件（必须指定该目录）；`user_name: omit` 时不允许启用。',
    'history.keep': '每一天的记录在当天结束后保留多久；之后删除该天的文件。',
    proxy: 'API 调用使用的 HTTP 代理；默认由环境变量 HTTPS_PROXY 和 NO_PROXY 决定。',
    shard: '本进程负责监控的部分，参见 [scaling.md](../scaling.md)。',
    'shard.index':
      '本进程负责第几个分片：小于 `total` 的数字，或用 `hostname` 表示 StatefulSet 的 Pod 名称末尾的序号。',
    'shard.total': '全部实例和调用预算分成多少个分片；所有进程中必须相同。',
  },
};
