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

/** A row of panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
  /** Whether the row is folded at first, because its data is missing by default. */
  readonly collapsed?: boolean;
}

/** The parts of a dashboard. */
export interface Parts {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  /** The variables besides the data source, which every dashboard has. */
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

/** The tags by which people find the dashboards. */
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
 * A link that passes on the values of the variables that both dashboards have, except the instance: the value
 * All cannot be passed to a dashboard that shows exactly one instance.
 */
function linkTo(other: Parts, from: Parts) {
  const names = ({ variables }: Parts) => variables.map((variable) => variable.build().name);
  const shared = names(other).filter((name) => name !== 'instance' && names(from).includes(name));
  const query = ['datasource', ...shared].map((name) => `\${${name}:queryparam}`).join('&');
  // By default, the builder puts the link into a menu.
  const { placement: _, ...link } = new DashboardLinkBuilder(other.title)
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .tooltip(other.description)
    .url(`/d/${other.uid}?${query}`)
    .keepTime(true)
    .build();
  return { build: () => link };
}
