import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { type BarSeriesOption, init, type LineSeriesOption } from 'echarts';
import escapeHtml from 'escape-html';
import { named } from './colours.ts';
import { colourOf, type Look, lookOf, nameOf, overridesFor } from './panel.ts';
import type { Ranged, TimeRange } from './prometheus.ts';
import { written } from './units.ts';

/** The series that one query of a panel gave. */
export interface RangedResult {
  readonly refId: string;
  readonly series: readonly Ranged[];
}

/** What the panel's JSON says of drawing. */
interface Custom {
  readonly drawStyle?: string;
  readonly fillOpacity?: number;
  readonly lineWidth?: number;
  readonly axisSoftMax?: number;
  readonly stacking?: { readonly mode: string };
  readonly thresholdsStyle?: { readonly mode: string };
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: Ranged['points'];
  readonly dashed: boolean;
  readonly stacked: boolean;
  readonly opacity: number;
}

interface LegendOptions {
  readonly placement: string;
  readonly calcs: readonly string[];
}

/** Of the legend, in pixels. */
const LEGEND_ROW = 20;
const CHARACTER = 7;
const FIGURE = 76;

/** What a legend may say of a series beside its name. */
const CALCS: Readonly<
  Record<string, { readonly title: string; of(values: readonly number[]): number | undefined }>
> = {
  lastNotNull: { title: 'Last *', of: (values) => values.at(-1) },
  max: { title: 'Max', of: (values) => (values.length === 0 ? undefined : Math.max(...values)) },
};

/** A chart with the legend as a table under it. */
export function drawTimeSeries(
  panel: Panel,
  results: readonly RangedResult[],
  range: TimeRange,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const look = lookOf(panel);
  const custom = (panel.fieldConfig?.defaults.custom ?? {}) as Custom;
  const lines = linesOf(panel, results, custom);
  if (lines.length === 0) return `<p class="none">${escapeHtml(look.noValue)}</p>`;
  const { placement, calcs } = (panel.options as { readonly legend: LegendOptions }).legend;
  if (placement === 'right') {
    const longest = Math.max(...lines.map(({ name }) => name.length));
    const beside = Math.min(
      width / 2,
      Math.round(longest * CHARACTER + 30 + calcs.length * FIGURE),
    );
    const rows = Math.floor(height / LEGEND_ROW) - 1;
    const drawn = chart(lines, look, custom, range, { width: width - beside, height });
    return `<div class="beside">${drawn}<div style="width:${beside}px">${legend(lines, look, calcs, rows)}</div></div>`;
  }
  // As Grafana does, the legend takes a third of the panel at most, and scrolls.
  const rows = Math.min(lines.length, Math.floor((height * 0.35) / LEGEND_ROW) - 1);
  const chartHeight = height - (rows + 1) * LEGEND_ROW - 8;
  return (
    chart(lines, look, custom, range, { width, height: chartHeight }) +
    legend(lines, look, calcs, rows)
  );
}

function linesOf(panel: Panel, results: readonly RangedResult[], custom: Custom): Line[] {
  return results
    .flatMap(({ refId, series }) =>
      series.map(({ labels, points }) => ({ name: nameOf(panel, refId, labels), points })),
    )
    .map(({ name, points }, index) => {
      const properties = overridesFor(panel, name);
      const stacking = (properties['custom.stacking'] as Custom['stacking']) ?? custom.stacking;
      return {
        name,
        points,
        colour: colourOf(properties, index),
        dashed: properties['custom.lineStyle'] !== undefined,
        stacked: stacking?.mode === 'normal',
        opacity: Number(properties['custom.fillOpacity'] ?? custom.fillOpacity ?? 0) / 100,
      };
    });
}

function chart(
  lines: readonly Line[],
  look: Look,
  custom: Custom,
  { from, to, step }: TimeRange,
  size: { readonly width: number; readonly height: number },
): string {
  const times = Array.from(
    { length: Math.floor((to - from) / step) + 1 },
    (_, i) => from + i * step,
  );
  const known = new Set(lines.flatMap(({ points }) => points.map(([at]) => at)));
  const drawn = init(null, null, { renderer: 'svg', ssr: true, ...size });
  drawn.setOption({
    animation: false,
    textStyle: { fontFamily: 'Inter, Helvetica, Arial, sans-serif' },
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: {
      type: 'time',
      min: from * 1000,
      max: to * 1000,
      splitLine: { show: true, lineStyle: { color: '#eceef1' } },
      axisLabel: { color: '#5a626b', fontSize: 11, formatter: '{HH}:{mm}', hideOverlap: true },
      axisLine: { lineStyle: { color: '#c7ccd1' } },
    },
    yAxis: {
      type: 'value',
      min: (extent: { min: number }) => Math.min(0, extent.min),
      max: (extent: { max: number }) => Math.max(extent.max * 1.04, custom.axisSoftMax ?? 0) || 1,
      splitNumber: 4,
      splitLine: { lineStyle: { color: '#eceef1' } },
      axisLabel: {
        color: '#5a626b',
        fontSize: 11,
        showMaxLabel: false,
        formatter: (value: number) => written(value, look.unit),
      },
    },
    series: lines.map((line, index) => ({
      ...(custom.drawStyle === 'bars' ? bars(line) : curve(line)),
      name: line.name,
      data: onGrid(line, times, known),
      ...(index === 0 && custom.thresholdsStyle && { markLine: thresholds(look) }),
    })),
  });
  const svg = drawn.renderToSVGString();
  drawn.dispose();
  return svg;
}

/**
 * One value for each time, which a stack needs: where a line has none, a gap, or nothing if others of the
 * stack have one.
 */
function onGrid({ points, stacked }: Line, times: readonly number[], known: ReadonlySet<number>) {
  const values = new Map(points);
  return times.map((at) => {
    const value = values.get(at) ?? Number.NaN;
    return [at * 1000, Number.isFinite(value) ? value : stacked && known.has(at) ? 0 : '-'];
  });
}

function curve({ colour, dashed, stacked, opacity }: Line): LineSeriesOption {
  return {
    type: 'line',
    showSymbol: false,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 1.2, type: dashed ? [8, 6] : 'solid' },
    ...(opacity > 0 && { areaStyle: { color: colour, opacity } }),
    ...(stacked && { stack: 'all', stackStrategy: 'all' as const }),
  };
}

function bars({ colour, opacity, stacked }: Line): BarSeriesOption {
  return {
    type: 'bar',
    barGap: '-100%',
    barCategoryGap: '0%',
    itemStyle: { color: colour, opacity },
    ...(stacked && { stack: 'all' }),
  };
}

/** Dashed lines where the colour changes. */
function thresholds({ steps }: Look) {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    data: steps.flatMap(({ value, color }) =>
      value === null ? [] : [{ yAxis: value, lineStyle: { color: named(color), type: 'dashed' } }],
    ),
  };
}

function legend(
  lines: readonly Line[],
  { unit, decimals }: Look,
  calcs: readonly string[],
  rows: number,
): string {
  const columns = calcs.map((calc) => {
    const column = CALCS[calc];
    if (!column)
      throw new Error(`No way to work out ${calc}: add it to scripts/previews/time-series.ts`);
    return column;
  });
  const cells = lines.slice(0, rows).map(({ name, colour, points }) => {
    const values = points.map(([, value]) => value).filter(Number.isFinite);
    const figures = columns.map(({ of }) => {
      const value = of(values);
      return `<td>${value === undefined ? '' : escapeHtml(written(value, unit, decimals))}</td>`;
    });
    return `<tr><td><i style="background:${colour}"></i>${escapeHtml(name)}</td>${figures.join('')}</tr>`;
  });
  const hidden = lines.length - rows;
  const more = hidden > 0 ? ` (${hidden} more by scrolling)` : '';
  const titles = columns.map(({ title }) => `<th>${title}</th>`);
  return `<table class="legend"><tr><th>Name${more}</th>${titles.join('')}</tr>${cells.join('')}</table>`;
}
