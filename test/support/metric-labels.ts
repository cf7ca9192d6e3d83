import { FLEET_METRICS, OWN_METRICS } from '../../src/metrics/catalog/index.ts';
import { labelsWithMeanings } from '../../src/metrics/metric.ts';
import { SelfMetrics } from '../../src/metrics/self-metrics.ts';
import { parseExposition } from './parse-exposition.ts';

/** What Prometheus adds to every series of a target. */
const TARGET = ['job', 'instance'];

/** Series Prometheus makes of each target itself. */
const OF_PROMETHEUS = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

/** Every series that scraping the exporter gives, by name, with the labels it may have. */
export async function metricLabels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const known = new Map<string, ReadonlySet<string>>();
  const add = (name: string, labels: readonly string[]): void => {
    known.set(name, new Set([...labels, ...TARGET]));
  };
  for (const name of OF_PROMETHEUS) add(name, []);
  const text = await new SelfMetrics({ version: '', revision: '', nodeVersion: '' }).text('text');
  for (const { samples } of parseExposition(text))
    for (const { name, labels } of samples) add(name, Object.keys(labels));
  const metrics = [
    ...FLEET_METRICS.map((metric) => ({ ...metric, labels: labelsWithMeanings(metric) })),
    ...OWN_METRICS,
  ];
  for (const { name, type, labels } of metrics) {
    const own = Object.keys(labels);
    if (type !== 'histogram') {
      add(name, own);
      continue;
    }
    add(`${name}_bucket`, [...own, 'le']);
    add(`${name}_sum`, own);
    add(`${name}_count`, own);
  }
  return known;
}
