import { type Content, type Html, html } from './html.ts';

/** A column of a table. */
export interface TableColumn {
  readonly label: string;
  /** What stands at its head. @default the label */
  readonly heading?: Html;
  /** Figures stand at the right. */
  readonly figures?: boolean;
  /** Class of its cells. */
  readonly kind?: string;
}

/** A row: its first cell says what it is about. */
export interface TableRow {
  readonly id?: string;
  readonly cells: readonly Content[];
  /** What is long and belongs to the row as a whole: it has the next line to itself. */
  readonly below?: Content;
}

/** What a table shows. */
export interface TableSpec {
  /** What the table is, for those who do not see it. */
  readonly label: string;
  readonly caption: string;
  readonly isCaptionShown?: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** What stands there without any row. */
  readonly none: string;
  /** Whether its headings do something, so that they must stay where the screen is narrow. */
  readonly isSortable?: boolean;
}

/**
 * A table that scrolls by itself when it is too wide; on a narrow screen each row is a card, each of its
 * cells with the column's label. Roles are spelt out, as some browsers take them from what a style turns
 * into blocks.
 */
export function table(spec: TableSpec): Html {
  const { label, caption, isCaptionShown = false, columns, rows, none, isSortable = false } = spec;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table role="table">
<caption${!isCaptionShown && html` class="sr"`}>${caption}</caption>
<thead role="rowgroup"${isSortable && html` class="sortable"`}><tr role="row">${columns.map(headingCell)}</tr></thead>
<tbody role="rowgroup">${
    rows.length === 0
      ? html`<tr role="row"><td role="cell" colspan="${columns.length}" class="none">${none}</td></tr>`
      : rows.map((row) => rowOf(row, columns))
  }</tbody>
</table></div>`;
}

function headingCell({ label, heading, figures }: TableColumn): Html {
  return (
    heading ??
    html`<th role="columnheader" scope="col"${figures && html` class="figures"`}>${label}</th>`
  );
}

function rowOf({ id, cells, below }: TableRow, columns: readonly TableColumn[]): Html {
  const [first, ...others] = cells;
  return html`<tr role="row"${id !== undefined && html` id="${id}"`}><th role="rowheader" scope="row">${first}</th>${others.map(
    (cell, index) => {
      const { label, figures, kind } = columns[index + 1] ?? { label: '' };
      const classes = [figures && 'figures', kind].filter(Boolean).join(' ');
      return html`<td role="cell" data-label="${label}"${classes !== '' && html` class="${classes}"`}><div>${cell}</div></td>`;
    },
  )}</tr>
${below !== undefined && html`<tr role="row" class="below"><td role="cell" colspan="${columns.length}">${below}</td></tr>`}`;
}
