import { readdirSync, readFileSync } from 'node:fs';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { folderOf, type Language } from '../../grafana/source/text.ts';

const FOLDER = new URL('../../grafana/dashboards/', import.meta.url);

/** The parts of a dashboard's JSON that tests read. */
export interface DashboardFile {
  readonly file: string;
  readonly text: string;
  readonly dashboard: Dashboard;
}

/** The committed dashboards of a language. */
export function dashboardsInFolder(language: Language = 'en'): readonly DashboardFile[] {
  const folder = new URL(folderOf(language), FOLDER);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted()
    .map((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return { file, text, dashboard: JSON.parse(text) as Dashboard };
    });
}

/** The rows of a dashboard, in order. */
export function rowsOf(dashboard: Dashboard): readonly RowPanel[] {
  return (dashboard.panels ?? []).filter((panel): panel is RowPanel => panel.type === 'row');
}

/** All panels of a dashboard in order, with those in folded rows and without the rows themselves. */
export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => {
    if (panel.type !== 'row') return [panel as Panel];
    return 'panels' in panel ? panel.panels : [];
  });
}

/** A query of a panel. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly datasource: { readonly uid: string };
  readonly instant?: boolean;
  readonly range?: boolean;
}

export function targetsOf(panel: Panel): readonly Target[] {
  return (panel.targets ?? []) as unknown as readonly Target[];
}

/** A variable whose values come from a query. */
export interface QueryVariable {
  readonly name: string;
  /** The label shown to people. */
  readonly label: string;
  readonly includeAll: boolean;
  /** The regular expression behind the choice All. @default every value, joined by `|` */
  readonly allValue: string | undefined;
  readonly query: string;
  readonly regex: string;
}

export function queryVariablesOf(dashboard: Dashboard): readonly QueryVariable[] {
  return (dashboard.templating.list ?? []).flatMap(
    ({ type, name, label = name, includeAll = false, allValue, query, regex = '' }) =>
      type === 'query' && typeof query === 'string'
        ? [{ name, label, includeAll, allValue, query, regex }]
        : [],
  );
}

/** The PromQL in a variable's query, and the label whose values it lists, if it lists one. */
export function promqlOf({ query }: QueryVariable): {
  readonly expr: string;
  readonly label: string | undefined;
} {
  const values = /^label_values\((.+), (\w+)\)$/s.exec(query);
  if (values?.[1] !== undefined) return { expr: values[1], label: values[2] };
  const result = /^query_result\((.+)\)$/s.exec(query);
  if (result?.[1] === undefined) throw new Error(`Neither label_values nor query_result: ${query}`);
  return { expr: result[1], label: undefined };
}

/** Replaces the variables of an expression by values, and Grafana's own interval by 10s if not given. */
export function filledIn(expr: string, choices: Readonly<Record<string, string>>): string {
  return expr.replace(/\$(__rate_interval|[a-z]\w*)/g, (written, name: string) => {
    const value = choices[name] ?? (name === '__rate_interval' ? '10s' : undefined);
    if (value === undefined) throw new Error(`${written} is not a variable of the dashboard`);
    return value;
  });
}
