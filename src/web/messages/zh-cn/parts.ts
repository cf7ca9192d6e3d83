import type { parts as english } from '../en/parts.ts';
import { formats } from './formats.ts';

const { figure } = formats;

export const parts: typeof english = {
  unknown: '未知',
  label: (text) => `${text}：`,
  ago: (duration) => `${duration}前`,
  ofLimit: (limit) => `/ ${limit}`,
  ofUnknownLimit: '/ 配额未知',
  free: (users) => `剩余\u00a0${users}`,
  seats: {
    ok: undefined,
    'filling-up': '将满',
    'nearly-full': '即将用尽',
    full: '已满',
    'over-limit': '已超出',
  },
  condition: {
    ok: '正常',
    starting: '启动中',
    unreadable: '无法读取',
    ended: '已到期',
    'over-limit': '已超出配额',
    full: '配额已满',
    'nearly-full': '配额即将用尽',
    'nearly-ended': '即将到期',
    stale: '数据过时',
    'filling-up': '配额将满',
    ending: '临近到期',
  },
  stages: {
    discovery: '实例发现',
    users: '账号列表',
    online: '在线状态',
    sessions: '会话',
    traffic: '流量',
  },
  notRead: '尚未读取',
  failed: '失败',
  stale: '已过时',
  read: (percent) => `已读取 ${percent}`,
  failure: '失败',
  cannotBeRead: '无法读取',
  whatToDo: '处理方法',
  request: (id) => `（请求 ID：${id}）`,
  subscription: '到期时间',
  subscriptionEnded: (duration, time) =>
    `已于 ${time} 到期（${duration}前），所有客户端都无法连接。`,
  subscriptionEnds: (duration, time) => `将于 ${time} 到期（还剩 ${duration}）。`,
  clients: (clients) => `${figure(clients)} 个客户端`,
  sinceStart: '从 exporter 启动算起',
};
