import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { filledIn, promqlOf, queryVariablesOf } from '../../test/support/dashboards.ts';
import type { Choice } from './page.ts';
import type { Prometheus } from './prometheus.ts';

/**
 * What a dashboard is to show: everything, where all can be chosen, else what is called `preferred`, else
 * the first that the variable's query offers.
 */
export async function choicesFor(
  dashboard: Dashboard,
  prometheus: Prometheus,
  at: number,
  preferred: string,
): Promise<Readonly<Record<string, Choice>>> {
  const choices: Record<string, Choice> = {
    datasource: { label: 'Data source', text: 'Prometheus', value: 'prometheus' },
  };
  const values: Record<string, string> = {};
  for (const variable of queryVariablesOf(dashboard)) {
    const { name, label, includeAll, allValue } = variable;
    const { expr, label: listed } = promqlOf(variable);
    const found = await prometheus.instant(filledIn(expr, values), at);
    const offered = found
      .map(({ labels }) =>
        listed === undefined
          ? { text: labels['name'] ?? '', value: labels['instance_id'] ?? '' }
          : { text: labels[listed] ?? '', value: labels[listed] ?? '' },
      )
      .toSorted((a, b) => a.text.localeCompare(b.text));
    const one = offered.find(({ text }) => text === preferred) ?? offered[0];
    if (!one) throw new Error(`The variable ${name} offers nothing`);
    const all = allValue ?? [...new Set(offered.map(({ value }) => value))].join('|');
    choices[name] = { label, ...(includeAll ? { text: 'All', value: all } : one) };
    values[name] = choices[name].value;
  }
  return choices;
}
