import type { instance as english } from '../en/instance.ts';
import { formats } from './formats.ts';

const { figure } = formats;

export const instance: typeof english = {
  breadcrumb: '当前位置',
  place: (instance, account, region) => `${instance} · 阿里云账号 ${account} · ${region}`,
  usersGoOn: 'exporter 无法读取实例时，客户端仍可照常连接，除非实例已到期。',
  users: '客户端账号',
  disabled: (users) => `其中 ${users} 个已禁用`,
  unusedUnknown: (duration) => `尚不知道未使用的账号：仅观察了 ${duration}`,
  unused: (users, duration) => `${users} 个账号 ${duration}未使用`,
  online: '在线账号',
  withClients: (clients) => `共 ${figure(clients)} 个客户端`,
  longestSession: '最长会话',
  since: (time) => `始于 ${time}`,
  bandwidth: '已分配的带宽峰值',
  bandwidthOf: (bandwidth) => `实例带宽峰值 ${bandwidth}`,
  sessions: '新建会话',
  sessionsEnded: (sessions) => `已结束 ${sessions} 个`,
  subscriptionEnded: '已到期',
  subscribedUntil: '到期时间',
  in: (duration) => `还剩 ${duration}`,
  state: (state) => `状态 ${state}`,
  stages: '采集阶段',
  stage: (stage) => `采集：${stage}`,
  every: (duration) => `每 ${duration}一次`,
  took: (duration) => `耗时 ${duration}`,
  passesFailed: (passes) => `启动以来失败 ${figure(passes)} 次`,
};
