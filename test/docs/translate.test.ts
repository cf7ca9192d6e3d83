import { expect, it } from 'vitest';
import { inChinese } from '../../scripts/docs/translate.ts';

it('a page in Chinese needs a Chinese text for each English one, and no other', () => {
  const generate = (translate: (english: string) => string) =>
    [translate('key'), translate('type'), translate('key')].join();
  expect(inChinese({ key: '配置项', type: '类型' }, generate)).toBe('配置项,类型,配置项');
  expect(() => inChinese({ key: '配置项', old: '旧' }, generate)).toThrow(
    'no Chinese text for: type\nChinese text that is not used: old',
  );
});
