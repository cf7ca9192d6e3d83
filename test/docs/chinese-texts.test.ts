import { expect, it } from 'vitest';
import { requireComplete } from '../../scripts/docs/zh-CN/complete.ts';

it('a catalog of Chinese texts must have a text for each key, and no other', () => {
  expect(() => requireComplete({ polling: '轮询' }, ['polling', 'polling'])).not.toThrow();
  expect(() => requireComplete({ polling: '轮询', old: '旧' }, ['polling', 'proxy'])).toThrow(
    'no Chinese text for proxy\nthe Chinese text for old is not used',
  );
});
