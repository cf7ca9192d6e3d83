import type { problems as english } from '../en/problems.ts';
import { formats } from './formats.ts';

const { figure } = formats;

export const problems: typeof english = {
  noCredentials: (account, scope, message) =>
    `阿里云账号 ${account} 没有访问凭据${scope}：${message}`,
  paused: (account, scope, message) =>
    `阿里云账号 ${account} 已暂停轮询${scope}，因为 API 不接受其访问凭据：${message}`,
  unreadInstances: (instances) => `，${figure(instances)} 个实例无法读取`,
  regionsFailed: (account, message) => `阿里云账号 ${account} 查询地域列表失败：${message}`,
  discoveryFailed: (region, account, message) =>
    `阿里云账号 ${account} 在 ${region} 的实例发现失败：${message}`,
  configurationRefused: (problems) => `修改后的配置无效，原有配置继续生效。${problems}`,
  configurationAdvice:
    '请修正配置文件；文件变化后 exporter 会重新读取。可用 `sag-app-exporter check-config FILE` 检查。',
  storageFailed: (reason) =>
    `状态无法保存到存储目录：${reason}。如果此时重启，上次保存之后的状态会丢失。`,
  storageAdvice: 'exporter 会自动重试。日志中有该目录的路径。',
  seriesDropped: (series) =>
    `有 ${series} 条时间序列没有输出到 /metrics：数量超过了 metrics.max_user_series。`,
  seriesAdvice: (detail) =>
    `请调大 metrics.max_user_series，或降低 metrics.detail（当前为 ${detail}）。`,
  fallback: (account, problem, places, effect) =>
    `阿里云账号 ${account}：${problem}（${places}），${effect}。`,
  fallbackOfAccount: (problem, effect) => `${problem}，${effect}。`,
  inRegions: (regions) => `地域 ${regions}`,
  forInstances: (instances) => `实例 ${instances}`,
  bothPlaces: (regions, instances) => `${regions}；${instances}`,
  andMore: (names, more) => `${names} 以及另外 ${more} 个`,
  instance: (name, findings) => `${name}：${findings}。`,
  nameAndId: (name, id) => `${name}（${id}）`,
  moreInstances: (instances) => `另有 ${figure(instances)} 个实例需要关注。`,
  notReady: (reason) => `尚未就绪：${reason}`,
  unreadable: (messages) => `无法读取：${messages}`,
  stale: (stages) => `以下采集阶段的数据已过时：${stages}`,
  seats: {
    ok: (users, limit) => `客户端账号 ${users} / ${limit}`,
    'filling-up': (users, limit, free) => `客户端账号 ${users} / ${limit}：配额将满，剩余 ${free}`,
    'nearly-full': (users, limit, free) =>
      `客户端账号 ${users} / ${limit}：配额即将用尽，剩余 ${free}`,
    full: (users, limit) => `客户端账号 ${users} / ${limit}：配额已满，无法再添加账号`,
    'over-limit': (users, limit, over) =>
      `客户端账号 ${users} / ${limit}：超出配额 ${over} 个，无法再添加账号`,
  },
  moreSeats: (unused) => `请删除不再需要的客户端账号${unused}，或升级实例以提高配额。`,
  unused: (users, duration) => `（有 ${figure(users)} 个账号 ${duration}未上线）`,
  subscriptionEnded: (duration, day) =>
    `实例已于 ${duration}前到期（${day}），所有客户端都无法连接`,
  subscriptionEnds: (duration, day) => `实例还有 ${duration}到期（${day}）`,
  renew: '请为实例续费。',
};
