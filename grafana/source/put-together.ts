import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PlacedPanel } from './panels.ts';
import { dataSource, type Variable } from './variables.ts';

/** Some panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
  /** Whether it is folded at first: what it shows is not there by default. */
  readonly collapsed?: boolean;
}

/** What a dashboard is made of. */
export interface Parts {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  /** Beside the data source, which every dashboard lets choose. */
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

/** What the dashboards are found by. */
const TAG = 'sag-app';

/** Builds a dashboard with links to the others, its panels numbered in their order. */
export function putTogether(parts: Parts, all: readonly Parts[]): Dashboard {
  const dashboard = new DashboardBuilder(parts.title)
    .uid(parts.uid)
    .description(parts.description)
    .tags([TAG])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: parts.from, to: 'now' })
    .refresh('1m')
    .variables([dataSource(), ...parts.variables])
    .links(all.filter((other) => other !== parts).map((other) => linkTo(other, parts)));
  let id = 1;
  for (const { title, panels, collapsed = false } of parts.rows) {
    const row = new RowBuilder(title).id(id++).collapsed(collapsed);
    for (const panel of panels) panel.id(id++);
    if (collapsed) for (const panel of panels) row.withPanel(panel);
    dashboard.withRow(row);
    if (!collapsed) for (const panel of panels) dashboard.withPanel(panel);
  }
  return dashboard.build();
}

/**
 * A link that carries over what both dashboards let choose, except the instance: All of one cannot
 * be chosen in another that shows exactly one.
 */
function linkTo(other: Parts, from: Parts) {
  const names = ({ variables }: Parts) => variables.map((variable) => variable.build().name);
  const shared = names(other).filter((name) => name !== 'instance' && names(from).includes(name));
  const query = ['datasource', ...shared].map((name) => `\${${name}:queryparam}`).join('&');
  // The builder would hide it in a menu.
  const { placement: _, ...link } = new DashboardLinkBuilder(other.title)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .tooltip(other.description)
    .url(`/d/${other.uid}?${query}`)
    .keepTime(true)
    .build();
  return { build: () => link };
}
