import { formatsIn } from '../formats.ts';

export const formats = formatsIn('zh-CN', {
  second: '秒',
  minute: '分钟',
  hour: '小时',
  day: '天',
  percent: '%',
  separators: { list: '、', remarks: '，', clauses: '；' },
});
