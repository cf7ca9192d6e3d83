import type { lists as english } from '../en/lists.ts';

export const lists: typeof english = {
  show: '显示',
  search: '搜索',
  unusedFor: '未使用时长',
  anyTime: '不限',
  matching: (matching, all) => `${matching}（共 ${all}）`,
  range: (from, to, of) => `第 ${from} 至 ${to} 个，共 ${of}`,
  first: '首页',
  previous: '上一页',
  next: '下一页',
  last: '末页',
  page: (page, pages) => `第 ${page} / ${pages} 页`,
};
