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
  const titles = columns.map(({ title }) => title);
  const cells = [titles, ...rows].map((row) =>
    columns.map((_, column) => {
      const text = visible(row[column] ?? '');
      return { text, width: widthOf(text) };
    }),
  );
  const widths = columns.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, row[column]?.width ?? 0), 0),
  );
  return cells.map((row) =>
    row
      .map(({ text, width }, column) => {
        const blanks = ' '.repeat((widths[column] ?? 0) - width);
        return columns[column]?.figures ? blanks + text : text + blanks;
      })
      .join(GAP)
      .trimEnd(),
  );
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
