// biome-ignore-all lint/suspicious/noTemplateCurlyInString: configurations refer to variables in this way.

import { describe, expect, test } from 'vitest';
import { expand } from '../../src/input/environment.ts';

const env = { NAME: 'prod', EMPTY: '', NESTED: '${NAME}', MONEY: '$&$1' };

describe('expand', () => {
  test.each([
    ['${NAME}', 'prod'],
    ['a-${NAME}-${NAME}', 'a-prod-prod'],
    ['${EMPTY}', ''],
    ['${NESTED}', '${NAME}'],
    ['${MONEY}', '$&$1'],
  ])('puts variables into %s', (source, text) => {
    expect(expand(source, env)).toEqual({ text, expanded: true, unset: [], malformed: false });
  });

  test.each([
    ['$${NAME}', '${NAME}'],
    ['$$', '$$'],
    ['$NAME', '$NAME'],
    ['100$ {NAME}', '100$ {NAME}'],
  ])('leaves %s without a variable', (source, text) => {
    expect(expand(source, env)).toEqual({ text, expanded: false, unset: [], malformed: false });
  });

  test('names unset variables, even those with the name of a property of every object', () => {
    expect(expand('${GONE} ${NAME} ${constructor}', env).unset).toEqual(['GONE', 'constructor']);
  });

  test.each(['${', '${}', '${NAME', '${NA-ME}', '${NAME:-x}', '${1}'])(
    'knows %s for malformed',
    (s) => {
      expect(expand(s, env).malformed).toBe(true);
    },
  );
});
