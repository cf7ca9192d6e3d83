import stringWidth from 'string-width';
import { visible } from './visible-text.ts';

const GAP = '  ';

export interface Column {
  readonly title: string;
  readonly figures?: boolean;
}

/**
 * The lines of a table: the titles, then the rows. Columns are aligned by the width that a terminal
 * gives to a text. Cells may hold any text; invisible characters are shown as escapes.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return new LongTable(columns).lines(rows);
}

/** A table that is too long for the memory, and is made in blocks. A wide cell makes later blocks wider only. */
export class LongTable {
  readonly #columns: readonly Column[];
  readonly #widths: number[];
  #hasTitles = false;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#widths = columns.map(() => 0);
  }

  /** The lines of further rows. The titles stand before the first ones. */
  lines(rows: readonly (readonly string[])[]): readonly string[] {
    const titles = this.#hasTitles ? [] : [this.#columns.map(({ title }) => title)];
    this.#hasTitles = true;
    const cells = [...titles, ...rows].map((row) =>
      this.#columns.map((_, column) => this.#cell(row, column)),
    );
    return cells.map((row) =>
      row
        .map(({ text, width }, column) => {
          const blanks = ' '.repeat((this.#widths[column] ?? 0) - width);
          return this.#columns[column]?.figures ? blanks + text : text + blanks;
        })
        .join(GAP)
        .trimEnd(),
    );
  }

  #cell(row: readonly string[], column: number): { readonly text: string; readonly width: number } {
    const text = visible(row[column] ?? '');
    const width = widthOf(text);
    this.#widths[column] = Math.max(this.#widths[column] ?? 0, width);
    return { text, width };
  }
}

/** A code point with the vowels and final consonants of a Hangul syllable that follow it. */
const DRAWN_TOGETHER = /.[\u1160-\u11ff\ud7b0-\ud7fb]*/gsu;

/**
 * Terminal columns of a visible text. Each code point is measured by itself, because terminals advance by
 * code points: a skin tone takes columns of its own, even if the font draws it inside its emoji.
 */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return (text.match(DRAWN_TOGETHER) ?? []).reduce((width, part) => width + stringWidth(part), 0);
}
