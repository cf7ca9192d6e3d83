import { readdirSync } from 'node:fs';
import { type GeneratedFile, PROJECT, projectFile, withGeneratedPart } from '../generated-file.ts';
import { helmSchema } from './helm-schema.ts';
import { valueRows, valuesTable } from './values-table.ts';

const CHART = 'config/kubernetes/sag-app-exporter';
const RULES = ['alerts.yml', 'recording-rules.yml', 'thresholds.yml'];

/**
 * The files of the chart that are made from others: Helm reads nothing outside a chart, so rules and
 * dashboards are copied into it; its schema and its table of values come from the code and the values.
 */
export function chartFiles(): readonly GeneratedFile[] {
  const dashboards = readdirSync(new URL('grafana/dashboards/', PROJECT)).filter((name) =>
    name.endsWith('.json'),
  );
  return [
    ...RULES.map((name) => copy(`config/prometheus/${name}`, `${CHART}/files/prometheus/${name}`)),
    ...dashboards.map((name) =>
      copy(`grafana/dashboards/${name}`, `${CHART}/files/dashboards/${name}`),
    ),
    {
      path: `${CHART}/values.schema.json`,
      text: `${JSON.stringify(helmSchema(), null, 2)}\n`,
    },
    withGeneratedPart(
      `${CHART}/README.md`,
      valuesTable(valueRows(projectFile(`${CHART}/values.yaml`))),
    ),
  ];
}

function copy(from: string, to: string): GeneratedFile {
  return { path: to, text: projectFile(from) };
}
