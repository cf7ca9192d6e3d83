import { describe, expect, it } from 'vitest';
import { parseExposition } from './parse-exposition.ts';

const A = '# HELP a A thing.\n# TYPE a gauge\n';

describe('parseExposition', () => {
  it('reads names, labels in any order, values and timestamps', () => {
    expect(
      parseExposition(
        `${A}a 1\na{x="1",} 2.5e3 1700000000000\n\n# a remark\na { y="2" , x="1" } +Inf\n`,
      ),
    ).toEqual([
      {
        name: 'a',
        help: 'A thing.',
        type: 'gauge',
        samples: [
          { name: 'a', labels: {}, value: 1 },
          { name: 'a', labels: { x: '1' }, value: 2500 },
          { name: 'a', labels: { x: '1', y: '2' }, value: Infinity },
        ],
      },
    ]);
  });

  it('undoes the escapes of values and help, and leaves other characters alone', () => {
    const text =
      '# HELP a back\\\\slash, line\\nbreak, "quoted"\n# TYPE a gauge\na{x="\\\\n\\n\\"\r😀\u2028"} 1\n';
    const [family] = parseExposition(text);
    expect(family?.help).toBe('back\\slash, line\nbreak, "quoted"');
    expect(family?.samples[0]?.labels).toEqual({ x: '\\n\n"\r😀\u2028' });
  });

  it('keeps a label with any name and value', () => {
    const [family] = parseExposition(`${A}a{__proto__="x"} 1\n`);
    expect(Object.entries(family?.samples[0]?.labels ?? {})).toEqual([['__proto__', 'x']]);
  });

  it('reads histograms', () => {
    const [family] = parseExposition(
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n',
    );
    expect(family?.samples).toHaveLength(4);
  });

  it.each([
    ['a last line that does not end', `${A}a 1`, 'does not end'],
    ['a lone surrogate', `${A}a{x="\ud800"} 1\n`, 'surrogate'],
    ['a sample without TYPE', '# HELP a A.\na 1\n', 'outside a family'],
    ['a family without HELP', '# TYPE a gauge\na 1\n', 'no HELP'],
    ['a family without TYPE', '# HELP a A.\n', 'no TYPE'],
    ['a sample of another family', `${A}b 1\n`, 'outside a family'],
    ['an unknown type', '# HELP a A.\n# TYPE a thing\n', 'unknown type'],
    ['a second HELP', `# HELP a A.\n${A}`, 'second HELP'],
    ['a second TYPE', `${A}# TYPE a gauge\n`, 'second TYPE'],
    ['HELP behind samples', '# TYPE a gauge\na 1\n# HELP a A.\n', 'behind its samples'],
    [
      'a family in two places',
      `${A}a 1\n# HELP b B.\n# TYPE b gauge\nb 1\na{x="1"} 2\n`,
      'outside',
    ],
    ['a family begun again', `${A}# HELP b B.\n# TYPE b gauge\n${A}`, 'do not stand together'],
    ['a series twice', `${A}a{x="1",y="2"} 1\na{y="2",x="1"} 1\n`, 'stands twice'],
    ['a label twice', `${A}a{x="1",x="2"} 1\n`, 'label x twice'],
    ['labels without comma', `${A}a{x="1" y="2"} 1\n`, 'not separated'],
    ['a label name with a dash', `${A}a{x-y="1"} 1\n`, 'not a label'],
    ['an unknown escape', `${A}a{x="\\t"} 1\n`, 'unknown escape'],
    ['a quote that is not escaped', `${A}a{x="a"b"} 1\n`, 'not separated'],
    ['a line break in a value', `${A}a{x="a\nb"} 1\n`, 'not a label'],
    ['a word for a value', `${A}a{x="1"} undefined\n`, 'not a number'],
    ['no value', `${A}a{x="1"}\n`, 'no value'],
    ['a bucket without le', '# HELP h H.\n# TYPE h histogram\nh_bucket 1\n', 'without le'],
    [
      'buckets that fall',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
      'do not rise',
    ],
    [
      'buckets without end',
      '# HELP h H.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_sum 1\nh_count 2\n',
      'do not end',
    ],
    [
      'a name two families lay claim to',
      '# HELP h H.\n# TYPE h histogram\nh_count 0\nh_bucket{le="+Inf"} 0\nh_sum 0\n# HELP h_count C.\n# TYPE h_count gauge\nh_count 1\n',
      'belongs to',
    ],
  ])('refuses %s', (_, text, reason) => {
    expect(() => parseExposition(text)).toThrow(reason);
  });
});
