import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import escapeHtml from 'escape-html';
import { byThreshold } from './colours.ts';
import { type InstantResult, textOf } from './figures.ts';
import { changed, lookOf, overridesFor } from './panel.ts';

type Cell = string | number | undefined;
type Row = Readonly<Record<string, Cell>>;

interface Organize {
  readonly indexByName: Readonly<Record<string, number>>;
  readonly renameByName: Readonly<Record<string, string>>;
}

const ROW = 27;

/** The rows as Grafana's transformations merge, organize and sortBy make them. */
function rowsOf(panel: Panel, results: readonly InstantResult[]): readonly Row[] {
  const merged = new Map<string, Record<string, Cell>>();
  for (const { refId, series } of results)
    for (const { labels, value } of series) {
      const key = JSON.stringify(Object.entries(labels).toSorted());
      const row = merged.get(key) ?? { ...labels };
      row[`Value #${refId}`] = value;
      merged.set(key, row);
    }
  const sort = options(panel, 'sortBy') as {
    readonly sort: readonly [{ readonly field: string; readonly desc: boolean }];
  };
  const { renameByName } = options(panel, 'organize') as Organize;
  const [{ field, desc }] = sort.sort;
  const by = Object.keys(renameByName).find((name) => renameByName[name] === field) ?? field;
  const rank = (row: Row): number => Number(row[by] ?? Number.NEGATIVE_INFINITY);
  return [...merged.values()].toSorted((a, b) => (desc ? rank(b) - rank(a) : rank(a) - rank(b)));
}

function options(panel: Panel, id: string): unknown {
  const found = (panel.transformations ?? []).find((transformation) => transformation.id === id);
  if (!found) throw new Error(`${panel.title} has no transformation ${id}`);
  return found.options;
}

/** A table, cut where the panel would scroll. */
export function drawTable(panel: Panel, results: readonly InstantResult[], height: number): string {
  const rows = rowsOf(panel, results);
  const look = lookOf(panel);
  if (rows.length === 0) return `<p class="none">${escapeHtml(look.noValue)}</p>`;
  const { indexByName, renameByName } = options(panel, 'organize') as Organize;
  const fields = Object.entries(indexByName)
    .toSorted(([, a], [, b]) => a - b)
    .map(([field]) => {
      const title = renameByName[field] ?? field;
      const properties = overridesFor(panel, title);
      return { field, title, properties, look: changed(look, properties) };
    });
  const room = Math.floor(height / ROW) - 1;
  const shown = rows.length > room ? rows.slice(0, room - 1) : rows;
  const lines = shown.map((row) => {
    const cells = fields.map(({ field, properties, look: own }) => {
      const value = row[field];
      const isLink = properties['links'] !== undefined;
      if (typeof value !== 'number')
        return `<td${isLink ? ' class="link"' : ''}>${escapeHtml(value ?? '')}</td>`;
      const coloured = properties['custom.cellOptions'] !== undefined;
      const style = coloured ? ` style="color:${byThreshold(value, own.steps)}"` : '';
      return `<td class="number"${style}>${escapeHtml(textOf(value, own))}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const heads = fields.map(({ title, field }) => {
    const isNumber = field.startsWith('Value #');
    return `<th${isNumber ? ' class="number"' : ''}>${escapeHtml(title)}</th>`;
  });
  const more =
    shown.length < rows.length
      ? `<p class="more">${rows.length - shown.length} more rows by scrolling</p>`
      : '';
  return `<table class="rows"><tr>${heads.join('')}</tr>${lines.join('')}</table>${more}`;
}
