import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { type Declaration, labelsWithMeanings, type Unit } from '../../src/metrics/metric.ts';
import { requireComplete } from './zh-CN/complete.ts';

/** What the tables say in one language. */
export interface MetricWords {
  readonly fleet: string;
  readonly own: string;
  readonly columns: readonly string[];
  readonly example: string;
  readonly units: Readonly<Record<Unit, string>>;
  /** What follows the tables. */
  readonly ending: string;
  /** By the name of the metric and of the label; without them, the declarations have the meanings. */
  readonly meanings?: {
    readonly metrics: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  };
}

const ENGLISH: MetricWords = {
  fleet: 'The fleet',
  own: 'The exporter itself',
  columns: ['name', 'type', 'unit', 'meaning', 'labels'],
  example: 'Example: ',
  units: {
    count: 'count',
    info: 'info',
    boolean: 'boolean',
    timestamp_seconds: 'timestamp_seconds',
    seconds: 'seconds',
    bytes: 'bytes',
    bytes_per_second: 'bytes_per_second',
    requests_per_second: 'requests_per_second',
    ratio: 'ratio',
  },
  ending: 'The default `process_*` and `nodejs_*` metrics of prom-client are exposed too.',
};

/** The metric reference as a Markdown page, from the catalog alone. */
export function metricReference(): string {
  return `# Metrics

\`npm run docs\` generates this page from the declarations in \`src/metrics/catalog\`; a test keeps it in step.

Values come from the newest pass of a stage; a scrape never causes a call of the API. Series of unknown values
are absent, and a stale stage hides the series that it owns. Bandwidths are in bytes per second (the API uses
Kbit/s). Each example is a PromQL query that uses the metric; [promql.md](promql.md) has more, ordered by the
question that they answer.

${metricTables()}
`;
}

interface Row {
  readonly metric: Declaration;
  /** All labels of the metric with their meanings in English. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The two tables of the metric reference with their headings.
 *
 * @throws Error when the words have meanings, but not exactly those of the metrics and labels
 */
export function metricTables(words: MetricWords = ENGLISH): string {
  const fleet = FLEET_METRICS.map((metric) => ({ metric, labels: labelsWithMeanings(metric) }));
  const own = OWN_METRICS.map((metric) => ({ metric, labels: metric.labels }));
  if (words.meanings) {
    const rows = [...fleet, ...own];
    requireComplete(
      words.meanings.metrics,
      rows.map(({ metric }) => metric.name),
    );
    requireComplete(
      words.meanings.labels,
      rows.flatMap(({ labels }) => Object.keys(labels)),
    );
  }
  return [
    `## ${words.fleet}`,
    table(fleet, words),
    `## ${words.own}`,
    table(own, words),
    words.ending,
  ].join('\n\n');
}

function table(rows: readonly Row[], words: MetricWords): string {
  const { columns } = words;
  return [
    `| ${columns.join(' | ')} |`,
    `${'|---'.repeat(columns.length)}|`,
    ...rows.map((row) => line(row, words)),
  ].join('\n');
}

function line({ metric, labels }: Row, words: MetricWords): string {
  const { name, type, unit, help, example } = metric;
  const meaning = words.meanings?.metrics[name] ?? help;
  const meanings = Object.entries(labels).map(
    ([label, english]) => `\`${label}\`: ${words.meanings?.labels[label] ?? english}`,
  );
  return `| \`${name}\` | ${type} | ${words.units[unit]} | ${meaning}<br>${words.example}\`${example}\` | ${meanings.join('<br>')} |`;
}
