import { visible } from './visible-text.ts';

const GAP = '  ';

/**
 * Characters two columns wide on a terminal: emoji, the scripts of East Asia and the full-width forms
 * (the Wide and Fullwidth of Unicode's East_Asian_Width, which patterns cannot name).
 */
const WIDE =
  /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Yi}\p{sc=Tang}\p{sc=Nshu}\u3000-\u303e\u30fb\u30fc\u3190-\u3247\u3250-\u32ff\u3358-\u33ff\uff01-\uff60\uffe0-\uffe6]/u;

/** Half-width kana and hangul, of the scripts above, and the halves of flags: narrow. */
const NARROW = /[\uff61-\uffdc\p{Regional_Indicator}]/u;

/** Accents and other marks, and the later parts of a hangul syllable: they take no column. */
const MARK = /[\p{Mn}\p{Me}\u1160-\u11ff\ud7b0-\ud7fb]/u;

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Figures stand at the right. */
  readonly figures?: boolean;
}

/**
 * The lines of a table: the titles, then the rows, columns aligned by how wide a terminal shows them.
 * Cells may hold any text; what is no visible character is shown as its escape.
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

/**
 * Columns a terminal takes for visible text, each code point by itself as terminals count: what some
 * fonts draw as one, such as a hand and its colour, is still two.
 */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (MARK.test(character)) continue;
    width += WIDE.test(character) && !NARROW.test(character) ? 2 : 1;
  }
  return width;
}
