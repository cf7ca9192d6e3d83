import { describe, expect, it } from 'vitest';
import { mutate, mutations } from '../../scripts/mutants/mutations.ts';
import { parseTypeScript } from '../../scripts/parse-typescript.ts';

function mutantsOf(source: string): readonly string[] {
  const file = parseTypeScript(new Map([['x.ts', source]])).get('x.ts');
  if (!file) throw new Error('x.ts was not parsed');
  return Array.from(mutations(file), (mutation) => `${mutation.kind}: ${mutate(source, mutation)}`);
}

describe('the mutations of a source', () => {
  it.each([
    ['a < b', ['boundary: a <= b', 'comparison: a >= b']],
    ['a === b', ['comparison: a !== b']],
    ['a && b', ['condition: a || b']],
    ['a + b', ['sign: a - b']],
    ["a + 'é'", []],
    ['-a', ['sign: a']],
    ['!a', ['condition: a']],
    ['60', ['constant: 61']],
    ['1', ['constant: 0']],
    ['true', ['constant: false']],
    ['a ? b : c', ['condition: true ? b : c', 'condition: false ? b : c']],
  ])('%s becomes %j', (expression, expected) => {
    const before = "const 名 = '😀',x=";
    expect(mutantsOf(`${before}${expression}`)).toEqual(
      expected.map((mutant) => mutant.replace(': ', `: ${before}`)),
    );
  });

  it('removes statements and decides conditions', () => {
    expect(mutantsOf('if (a) b();')).toEqual([
      'condition: if (true) b();',
      'condition: if (false) b();',
      'removed statement: if (a) ;',
    ]);
  });

  it('leaves types and comments alone', () => {
    expect(mutantsOf('// a < b\nlet a: 1 | true;\ninterface B { c: 3 }')).toEqual([]);
  });
});
