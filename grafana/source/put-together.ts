import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelIn } from './panels.ts';
import type { Language, Text } from './text.ts';
import { uidIn } from './uids.ts';
import { dataSource, type VariableIn } from './variables.ts';

/** A row of panels under a heading. */
export interface Row {
  readonly title: Text;
  readonly panels: readonly PanelIn[];
  /** Whether the row is folded at first, because its data is missing by default. */
  readonly collapsed?: boolean;
}

/** The parts of a dashboard. */
export interface Parts {
  /** The uid of the English dashboard, and the name of the file. */
  readonly uid: string;
  readonly title: Text;
  readonly description: Text;
  readonly from: string;
  /** The variables besides the data source, which every dashboard has. */
  readonly variables: readonly VariableIn[];
  readonly rows: readonly Row[];
}

/** The tags by which people find the dashboards. */
const TAG = 'sag-app';

/** Builds a dashboard with links to the others of the same language, its panels numbered in their order. */
export function putTogether(parts: Parts, all: readonly Parts[], language: Language): Dashboard {
  const dashboard = new DashboardBuilder(parts.title[language])
    .uid(uidIn(parts.uid, language))
    .description(parts.description[language])
    .tags([TAG])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: parts.from, to: 'now' })
    .refresh('1m')
    .variables([dataSource, ...parts.variables].map((variable) => variable(language)))
    .links(all.filter((other) => other !== parts).map((other) => linkTo(other, parts, language)));
  let id = 1;
  for (const { title, panels: panelsIn, collapsed = false } of parts.rows) {
    const row = new RowBuilder(title[language]).id(id++).collapsed(collapsed);
    const panels = panelsIn.map((panelIn) => panelIn(language).id(id++));
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
function linkTo(other: Parts, from: Parts, language: Language) {
  const names = ({ variables }: Parts) =>
    variables.map((variable) => variable(language).build().name);
  const shared = names(other).filter((name) => name !== 'instance' && names(from).includes(name));
  const query = ['datasource', ...shared].map((name) => `\${${name}:queryparam}`).join('&');
  // By default, the builder puts the link into a menu.
  const { placement: _, ...link } = new DashboardLinkBuilder(other.title[language])
    .type(DashboardLinkType.Link)
    .icon('dashboard')
    .tooltip(other.description[language])
    .url(`/d/${uidIn(other.uid, language)}?${query}`)
    .keepTime(true)
    .build();
  return { build: () => link };
}
