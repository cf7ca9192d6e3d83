import { type CsvCell, csvLine } from '../../csv.ts';

/**
 * Characters that a terminal obeys or does not show: controls, formats (some of them reverse the direction of
 * writing), line separators, lone surrogates, unassigned and ignorable characters. When they are escaped, two
 * different names also look different.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Makes text from outside safe for a terminal: on one line, with escapes for hidden characters. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/** Indented JSON of the value, with escapes for hidden characters; a parser reads the same value. */
export function visibleJson(value: unknown): string {
  // JSON.stringify escapes only the controls below 0x20. The line breaks of its indentation must stay.
  return JSON.stringify(value, undefined, 2).replace(HIDDEN, (character) =>
    character === '\n' ? character : jsonEscape(character),
  );
}

/** CSV with a line for the names of the columns. Hidden characters are escaped in texts as `visible` does. */
export function visibleCsv(columns: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = Array.from(rows, (cells) =>
    csvLine(cells.map((cell) => (typeof cell === 'string' ? visible(cell) : cell))),
  );
  return csvLine(columns) + lines.join('');
}

/** A character beyond 16 bits becomes two escapes. */
function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
