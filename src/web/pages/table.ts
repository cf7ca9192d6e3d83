import { type Content, type Html, html } from './html.ts';

export interface TableColumn {
  readonly label: string;
  /** @default a cell with the label */
  readonly heading?: Html;
  readonly figures?: boolean;
  readonly kind?: string;
}

/** A row of a table. Its first cell is the heading of the row. */
export interface TableRow {
  readonly id?: string;
  readonly cells: readonly Content[];
  /** Long text about the whole row, shown in a line below it. */
  readonly below?: Content;
}

export interface TableSpec {
  readonly label: string;
  readonly caption: string;
  readonly isCaptionShown?: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly none: string;
  /** Sortable tables keep their headings on a narrow screen, because these are links. */
  readonly isSortable?: boolean;
}

/**
 * A table that scrolls sideways when it is too wide. On a narrow screen, status.css shows each row as a card
 * and labels each cell with its column. The ARIA roles are written out, because some browsers drop the roles
 * of table elements that CSS displays as blocks.
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
