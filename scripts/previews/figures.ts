import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import escapeHtml from 'escape-html';
import { byThreshold } from './colours.ts';
import { type Look, lookOf, nameOf } from './panel.ts';
import type { Instant } from './prometheus.ts';
import { written } from './units.ts';

/** The series that one query of a panel gave at the end of the picture. */
export interface InstantResult {
  readonly refId: string;
  readonly series: readonly Instant[];
}

/** Of a figure, in pixels; it is smaller where it would not fit. */
const LARGEST = 38;

interface Figure {
  readonly name: string;
  readonly value: number;
}

function figuresOf(panel: Panel, results: readonly InstantResult[]): readonly Figure[] {
  return results.flatMap(({ refId, series }) =>
    series.map(({ labels, value }) => ({ name: nameOf(panel, refId, labels), value })),
  );
}

/** The text of a value: a word where the panel has one for it. */
export function textOf(value: number, { words, unit, decimals }: Look): string {
  return words[String(value)] ?? written(value, unit, decimals);
}

/** A few large figures. */
export function drawStat(panel: Panel, results: readonly InstantResult[], width: number): string {
  const look = lookOf(panel);
  const { textMode = 'auto', colorMode = 'value' } = (panel.options ?? {}) as {
    readonly textMode?: string;
    readonly colorMode?: string;
  };
  const figures = figuresOf(panel, results);
  if (figures.length === 0) return `<p class="stat">${escapeHtml(look.noValue)}</p>`;
  const isNamed = textMode === 'value_and_name' || (textMode === 'auto' && figures.length > 1);
  const cells = figures.map(({ name, value }) => {
    const colour = colorMode === 'value' ? byThreshold(value, look.steps) : 'inherit';
    const figure = textMode === 'name' ? name : textOf(value, look);
    const size = Math.min(LARGEST, (width / figures.length / figure.length) * 1.5);
    return `<div>${isNamed ? `<span>${escapeHtml(name)}</span>` : ''}<b style="color:${colour};font-size:${size}px">${escapeHtml(figure)}</b></div>`;
  });
  return `<div class="stat">${cells.join('')}</div>`;
}

/** Bars beside names. */
export function drawBarGauge(panel: Panel, results: readonly InstantResult[]): string {
  const look = lookOf(panel);
  const figures = figuresOf(panel, results);
  if (figures.length === 0) return `<p class="none">${escapeHtml(look.noValue)}</p>`;
  const most = Math.max(...figures.map(({ value }) => value), Number.MIN_VALUE);
  const rows = figures.map(({ name, value }) => {
    const colour = byThreshold(value, look.steps);
    const share = Math.max(0, (100 * value) / most);
    return `<tr><td>${escapeHtml(name)}</td><td><div class="bar"><div style="width:${share}%;background:${colour}"></div></div></td><td style="color:${colour}">${escapeHtml(textOf(value, look))}</td></tr>`;
  });
  return `<table class="bars">${rows.join('')}</table>`;
}
