import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { type Declaration, labelsWithMeanings } from '../../src/metrics/metric.ts';

/** The metric reference as a Markdown page, from the catalog alone. */
export function metricReference(): string {
  return `# Metrics

Made from the declarations in \`src/metrics/catalog\` by \`npm run docs\`; a test keeps it in step.

Figures come from the newest pass of the stage behind them, never from a call made for a scrape. What
is unknown is absent; a stage that has gone stale hides the series it owns. Bandwidths are in bytes
per second (the API speaks Kbit/s). Each example is a PromQL query that makes use of the metric; more,
by the question they answer, stand in [promql.md](promql.md).

## The fleet

${table(FLEET_METRICS.map((metric) => row(metric, labelsWithMeanings(metric))))}

## The exporter itself

${table(OWN_METRICS.map((metric) => row(metric, metric.labels)))}

Beside these, the default \`process_*\` and \`nodejs_*\` metrics of prom-client.
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
