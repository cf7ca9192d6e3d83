import type { layout as english } from '../en/layout.ts';

export const layout: typeof english = {
  skip: '跳到正文',
  exporter: 'exporter',
  metrics: '指标',
  ready: '就绪检查',
  healthy: '存活检查',
  language: '语言',
  ownName: '简体中文',
  runbooks: 'zh-CN/runbooks',
  refreshing: '刷新与时间',
  asOf: (time, zone) => `数据时间：${time}。时区：${zone}。`,
  showUtc: '以 UTC 显示时间',
  showLocal: '以本地时间显示',
  pause: '暂停刷新',
  resume: '继续刷新',
  cannotRefresh: '无法刷新：exporter 没有响应。正在重试。',
  noInstance: '没有这个实例',
  noInstanceReason: '该实例可能已删除、尚未被发现，或者地址有误。',
  toFleet: '返回总览',
};
