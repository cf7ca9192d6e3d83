import type { Dashboard, GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import escapeHtml from 'escape-html';
import { filledIn, targetsOf } from '../../test/support/dashboards.ts';
import { drawBarGauge, drawStat } from './figures.ts';
import type { Prometheus, TimeRange } from './prometheus.ts';
import { STYLE } from './style.ts';
import { drawTable } from './table.ts';
import { drawTimeSeries } from './time-series.ts';

/** Of the picture, in pixels. */
export const WIDTH = 1600;

/** Grafana's grid: cells of 30 pixels and gaps of 8 between them. */
const GAP = 8;
const CELL = 30;
const COLUMN = (WIDTH - 2 * GAP + GAP) / 24;
const TITLE = 30;

/** What is chosen at the top of a dashboard. */
export interface Choice {
  readonly label: string;
  /** What people read. */
  readonly text: string;
  /** What stands in the queries. */
  readonly value: string;
}

/** Everything a picture of a dashboard is made from. */
export interface Picture {
  readonly dashboard: Dashboard;
  readonly prometheus: Prometheus;
  readonly range: TimeRange;
  /** Grafana's $__rate_interval. */
  readonly rateInterval: string;
  readonly choices: Readonly<Record<string, Choice>>;
  /** What the picture says of itself. */
  readonly label: string;
}

/** The dashboard as a page: its panels where its JSON puts them, with what their queries give. */
export async function pageOf(picture: Picture): Promise<string> {
  const { dashboard, choices, label } = picture;
  const boxes: string[] = [];
  let bottom = 0;
  for (const panel of opened(dashboard)) {
    const box = boxOf(panel.gridPos);
    bottom = Math.max(bottom, box.top + box.height);
    const place = `left:${box.left}px;top:${box.top}px;width:${box.width}px;height:${box.height}px`;
    const title = escapeHtml(panel.title ?? '');
    boxes.push(
      panel.type === 'row'
        ? `<h2 style="${place}">⌄ ${title}</h2>`
        : `<section style="${place}"><h3>${title}</h3>${await drawn(panel as Panel, picture, box)}</section>`,
    );
  }
  const chosen = Object.values(choices).map(
    ({ label: name, text }) => `<span><b>${escapeHtml(name)}</b>${escapeHtml(text)}</span>`,
  );
  const links = (dashboard.links ?? []).map(({ title }) => `<a>${escapeHtml(title ?? '')}</a>`);
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>
<header><h1>${escapeHtml(dashboard.title ?? '')}</h1><strong>${escapeHtml(label)}</strong></header>
<nav>${chosen.join('')}${links.join('')}</nav>
<main style="height:${bottom + GAP}px">${boxes.join('\n')}</main>`;
}

type AnyPanel = NonNullable<Dashboard['panels']>[number];

/** Rows and panels in order, folded rows opened and what is below them moved down. */
function opened(dashboard: Dashboard): readonly AnyPanel[] {
  return (dashboard.panels ?? []).flatMap((panel) =>
    panel.type === 'row' && 'panels' in panel ? [panel, ...panel.panels] : [panel],
  );
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function boxOf({ x, y, w, h }: GridPos = { x: 0, y: 0, w: 24, h: 1 }): Box {
  return {
    left: Math.round(GAP + x * COLUMN),
    top: y * (CELL + GAP),
    width: Math.round(w * COLUMN - GAP),
    height: h * (CELL + GAP) - GAP,
  };
}

async function drawn(panel: Panel, picture: Picture, box: Box): Promise<string> {
  const { prometheus, range, rateInterval, choices } = picture;
  const values = Object.fromEntries(
    Object.entries(choices).map(([name, { value }]) => [name, value]),
  );
  const queries = targetsOf(panel).map(({ refId, expr }) => ({
    refId,
    expr: filledIn(expr, { ...values, __rate_interval: rateInterval }),
  }));
  const inside = { width: box.width - 16, height: box.height - TITLE - 8 };
  if (panel.type === 'timeseries') {
    const results = await Promise.all(
      queries.map(async ({ refId, expr }) => ({
        refId,
        series: await prometheus.range(expr, range),
      })),
    );
    return drawTimeSeries(panel, results, range, inside);
  }
  const results = await Promise.all(
    queries.map(async ({ refId, expr }) => ({
      refId,
      series: await prometheus.instant(expr, range.to),
    })),
  );
  switch (panel.type) {
    case 'stat':
      return drawStat(panel, results, inside.width);
    case 'bargauge':
      return drawBarGauge(panel, results);
    case 'table':
      return drawTable(panel, results, inside.height);
    default:
      throw new Error(`No way to draw a ${panel.type}: add it to scripts/previews/page.ts`);
  }
}
