import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../src/csv.ts';
import { anyText } from './support/any-text.ts';

/** Reads CSV as RFC 4180 defines it, and refuses anything that is less than that. */
function parsed(csv: string): unknown {
  return parse(csv, { record_delimiter: '\r\n', relax_quotes: false });
}

/** Texts with many characters that mean something to CSV or to a spreadsheet. */
const trickyText = fc.oneof(
  fc
    .array(fc.constantFrom(...'",;\t\r\n\'=+-@＝＋－＠ a1'.split('')), { maxLength: 8 })
    .map((parts) => parts.join('')),
  anyText.map((text) => text.toWellFormed()),
  fc.string({ unit: 'grapheme' }),
);

/** What OWASP lists as the beginning of a formula. */
const DANGEROUS = /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/;

describe('a line of CSV', () => {
  it.each([
    [['user', 'online'], 'user,online\r\n'],
    [['a,b', 'a"b', 'a\nb', 'a\rb', 'a;b'], '"a,b","a""b","a\nb","a\rb",a;b\r\n'],
    [['', undefined, true, false, 0, -1.5], ',,true,false,0,-1.5\r\n'],
    [['张三', '😀'], '张三,😀\r\n'],
  ])('holds %j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+86 21', "'+86 21"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r', '"\'\r"'],
    ['\n', '"\'\n"'],
    ['＝1', "'＝1"],
    ['  =1', "'  =1"],
    ['a;=1', "a;'=1"],
    ['a;"=1', '"a;\'""=1"'],
    ['a\n -1', '"a\n\' -1"'],
    ['=1,"x"', '"\'=1,""x"""'],
  ])('defuses %j', (cell, text) => {
    expect(csvLine([cell])).toBe(`${text}\r\n`);
  });

  it.each(['a=1', 'ann@example.com', 'a-b', 'a -b', "o'hara", '2026-11-25T08:12:00Z', "'=1"])(
    'leaves %j as it is',
    (cell) => {
      expect(csvLine([cell])).toBe(`${cell}\r\n`);
    },
  );

  it('is read back by another program as the same cells, apart from apostrophes that defuse', () => {
    const anyRow = fc.tuple(trickyText, trickyText, trickyText);
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 5 }), (rows) => {
        const back = parsed(rows.map((row) => csvLine(row)).join('')) as string[][];
        expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length));
        for (const [at, row] of rows.entries()) {
          for (const [column, cell] of row.entries()) {
            const read = back[at]?.[column] ?? '';
            expect(read.replaceAll("'", '')).toBe(cell.replaceAll("'", ''));
            if (!/[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell)) expect(read).toBe(cell);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('begins no formula, whether a spreadsheet splits it at commas or, without quotes, at semicolons', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const line = csvLine([text, 'end']);
        const [[cell]] = parsed(line) as [[string]];
        expect(cell).not.toMatch(DANGEROUS);
        for (const piece of cell.split(/[;\t\r\n]/))
          expect(piece).not.toMatch(/^[ "]*[=+\-@＝＋－＠]/);
      }),
      { numRuns: 2000 },
    );
  });
});
