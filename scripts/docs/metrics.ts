import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { type Declaration, labelsWithMeanings } from '../../src/metrics/metric.ts';
import { inEnglish, type Translate } from './translate.ts';

const INTRODUCTION = `# Metrics

\`npm run docs\` generates this page from the declarations in \`src/metrics/catalog\`.

Values come from the newest pass of a stage; a scrape never causes a call of the API. Series of unknown values
are absent, and a stale stage hides the series that it owns. Bandwidths are in bytes per second (the API uses
Kbit/s). Each example is a PromQL query that uses the metric; [promql.md](promql.md) has more, ordered by the
question that they answer.

## The fleet`;

const COLUMNS = ['name', 'type', 'unit', 'meaning', 'labels'];

/** The metric reference as a Markdown page, from the catalog alone. */
export function metricReference(introduction = INTRODUCTION, translate = inEnglish): string {
  const columns = COLUMNS.map(translate);
  const head = `| ${columns.join(' | ')} |\n${'|---'.repeat(columns.length)}|`;
  const fleet = FLEET_METRICS.map((metric) => row(metric, labelsWithMeanings(metric), translate));
  const own = OWN_METRICS.map((metric) => row(metric, metric.labels, translate));
  return `${introduction}

${[head, ...fleet].join('\n')}

## ${translate('The exporter itself')}

${[head, ...own].join('\n')}

${translate('The default `process_*` and `nodejs_*` metrics of prom-client are exposed too.')}
`;
}

function row(
  metric: Declaration,
  labels: Readonly<Record<string, string>>,
  translate: Translate,
): string {
  const { name, type, unit, help, example } = metric;
  const meanings = Object.entries(labels).map(
    ([label, meaning]) => `\`${label}\`: ${translate(meaning)}`,
  );
  return `| \`${name}\` | ${type} | ${translate(unit)} | ${translate(help)}<br>${translate('Example: ')}\`${example}\` | ${meanings.join('<br>')} |`;
}
