import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table, widthOf } from '../../../src/cli/terminal/table.ts';
import { visible, visibleJson } from '../../../src/cli/terminal/visible-text.ts';

const COLUMNS = [{ title: 'NAME' }, { title: 'COUNT', figures: true }, { title: 'LAST' }];

/** Texts with control characters, or that a terminal shows in another order, twice as wide or not at all. */
const wild = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b[2J',
      '\u001b]0;title\u0007',
      '\u009b31m',
      '\n',
      '\r',
      '\t',
      '\b',
      '\u007f',
      '\u0085',
      '\u2028',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u200d',
      '\ufeff',
      '\ud800',
      '李',
      '가',
      'ア',
      'ｱ',
      '😀',
      'é',
      'e\u0301',
      'a',
    ),
  }),
);

/** C0, DEL, C1, separators, bidirectional controls, zero width. */
const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]/;

describe('a table', () => {
  it('has aligned columns, numbers at the right, and no blanks at the end of lines', () => {
    expect(
      table(COLUMNS, [
        ['a', '1', 'x'],
        ['longer', '1000', ''],
      ]),
    ).toEqual(['NAME    COUNT  LAST', 'a           1  x', 'longer   1000']);
  });

  it('counts two columns for wide characters and none for combining marks', () => {
    expect(
      table(COLUMNS, [
        ['李伟', '1', 'x'],
        ['e\u0301e', '22', 'x'],
        ['😀ｱア', '3', 'x'],
      ]),
    ).toEqual([
      'NAME   COUNT  LAST',
      '李伟       1  x',
      'e\u0301e        22  x',
      '😀ｱア      3  x',
    ]);
  });

  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['李', 2],
    ['한국어', 6],
    ['アイウ', 6],
    ['ｱｲｳ', 3],
    ['ＡＢ', 4],
    ['（）', 4],
    ['😀', 2],
    ['👍🏽', 4],
    ['\u1112\u1161\u11ab', 2],
    ['🇨🇳', 2],
    ['\u0301', 0],
    ['שלום', 4],
  ])('the width of %j in columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('has a line for each row and no control characters, for any cells', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wild, wild, wild), { maxLength: 6 }), (rows) => {
        const lines = table(COLUMNS, rows);
        expect(lines).toHaveLength(rows.length + 1);
        for (const line of lines) {
          expect(line).not.toMatch(DANGEROUS);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('begins its last column at the same place in every row', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wild, wild), { minLength: 1, maxLength: 6 }), (rows) => {
        const lines = table(
          COLUMNS,
          rows.map(([one, two]) => [one, two, '|']),
        );
        const starts = lines.slice(1).map((line) => widthOf(line.slice(0, line.lastIndexOf('|'))));
        expect(new Set(starts).size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('foreign text', () => {
  it('is shown unchanged, except for characters that cannot be seen', () => {
    expect(visible('Li Wei 李伟 "quoted" \\ é')).toBe('Li Wei 李伟 "quoted" \\ é');
    expect(visible('a\u001b[31m\nb\u202e')).toBe('a\\u{1b}[31m\\u{a}b\\u{202e}');
  });

  it('as JSON has the same value for a parser and no effect on a terminal', () => {
    fc.assert(
      fc.property(fc.dictionary(wild, wild), (value) => {
        const json = visibleJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        for (const line of json.split('\n')) expect(line).not.toMatch(DANGEROUS);
      }),
      { numRuns: 500 },
    );
  });
});
