import { dashboardFiles } from '../../grafana/source/index.ts';
import { folderOf, LANGUAGES } from '../../grafana/source/text.ts';
import { type GeneratedFile, projectFile, withGeneratedPart } from '../generated-file.ts';
import { helmSchema } from './helm-schema.ts';
import { valueRows, valuesTable } from './values-table.ts';

const CHART = 'config/kubernetes/sag-app-exporter';

/** The folders of the chart that hold nothing but copies, for each language. */
export const CHART_FOLDERS: readonly string[] = LANGUAGES.flatMap((language) =>
  ['prometheus', 'dashboards'].map((name) => `${CHART}/files/${name}/${folderOf(language)}`),
);

/**
 * The generated files of the chart. Helm reads nothing outside a chart, so rules and dashboards are copied
 * into it. Its schema comes from the code, its table of values from values.yaml, and the version of the exporter
 * from package.json.
 */
export function chartFiles(): readonly GeneratedFile[] {
  const rules = [
    'recording-rules.yml',
    'thresholds.yml',
    ...LANGUAGES.map((language) => `${folderOf(language)}alerts.yml`),
  ];
  const dashboards = dashboardFiles().map(({ path }) => path);
  return [
    ...rules.map((path) => copy(`config/prometheus/${path}`, `${CHART}/files/prometheus/${path}`)),
    ...dashboards.map((path) =>
      copy(`grafana/dashboards/${path}`, `${CHART}/files/dashboards/${path}`),
    ),
    {
      path: `${CHART}/Chart.yaml`,
      text: withVersion(projectFile(`${CHART}/Chart.yaml`), versionOf(projectFile('package.json'))),
    },
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

const versionOf = (manifest: string): string =>
  (JSON.parse(manifest) as { readonly version: string }).version;

/** Chart.yaml with the version of the exporter as `appVersion` and as the tag of the image. */
function withVersion(chart: string, version: string): string {
  return chart
    .replace(/(?<=^appVersion: ").*(?="$)/m, version)
    .replace(/(?<=^ +image: .*\/sag-app-exporter:).*$/m, version);
}

function copy(from: string, to: string): GeneratedFile {
  return { path: to, text: projectFile(from) };
}
