import { readdirSync, readFileSync } from 'node:fs';
import { helmSchema } from './helm-schema.ts';
import { valueRows, valuesTable } from './values-table.ts';

const ROOT = new URL('../../', import.meta.url);
const CHART = 'config/kubernetes/sag-app-exporter';
const RULES = ['alerts.yml', 'recording-rules.yml', 'thresholds.yml'];
const TABLE_BEGIN = '<!-- Made from values.yaml by `npm run chart`: begin. -->';
const TABLE_END = '<!-- Made from values.yaml by `npm run chart`: end. -->';

/** A file of the chart that is made from others: its path in the project, and its text. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The files of the chart that are made from others: Helm reads nothing outside a chart, so rules and
 * dashboards are copied into it; its schema and its table of values come from the code and the values.
 */
export function madeFiles(): readonly MadeFile[] {
  const dashboards = readdirSync(new URL('grafana/dashboards/', ROOT)).filter((name) =>
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
    { path: `${CHART}/README.md`, text: withValuesTable(projectFile(`${CHART}/README.md`)) },
  ];
}

/** The text of a file of the project. */
export function projectFile(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function copy(from: string, to: string): MadeFile {
  return { path: to, text: projectFile(from) };
}

function withValuesTable(page: string): string {
  const begin = page.indexOf(TABLE_BEGIN);
  const end = page.indexOf(TABLE_END);
  if (begin === -1 || end < begin)
    throw new Error('README.md has no place for the table of values');
  const table = valuesTable(valueRows(projectFile(`${CHART}/values.yaml`)));
  return `${page.slice(0, begin)}${TABLE_BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}
