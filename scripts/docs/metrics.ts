import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { type Declaration, labelsWithMeanings } from '../../src/metrics/metric.ts';

/** The metric reference as a Markdown page, from the catalog alone. */
export function metricReference(): string {
  return `# Metrics

\`npm run docs\` generates this page from the declarations in \`src/metrics/catalog\`; a test keeps it in step.

Values come from the newest pass of a stage; a scrape never causes a call of the API. Series of unknown values
are absent, and a stale stage hides the series that it owns. Bandwidths are in bytes per second (the API uses
Kbit/s). Each example is a PromQL query that uses the metric; [promql.md](promql.md) has more, ordered by the
question that they answer.

## The fleet

${table(FLEET_METRICS.map((metric) => row(metric, labelsWithMeanings(metric))))}

## The exporter itself

${table(OWN_METRICS.map((metric) => row(metric, metric.labels)))}

The default \`process_*\` and \`nodejs_*\` metrics of prom-client are exposed too.
`;
}

function row(metric: Declaration, labels: Readonly<Record<string, string>>): string {
  const { name, type, unit, help, example } = metric;
  const meanings = Object.entries(labels).map(([label, meaning]) => `\`${label}\`: ${meaning}`);
  return `| \`${name}\` | ${type} | ${unit} | ${help}<br>Example: \`${example}\` | ${meanings.join('<br>')} |`;
}

function table(rows: readonly string[]): string {
  return ['| name | type | unit | meaning | labels |', '|---|---|---|---|---|', ...rows].join('\n');
}
