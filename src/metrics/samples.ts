import { FLEET_METRICS } from './catalog/index.ts';
import {
  type AnyMetric,
  type FleetDeclaration,
  type Metric,
  type MetricsSettings,
  NO_LABELS,
} from './metric.ts';
import { type Labels, type Scope, type Subjects, USER_SOURCES } from './scopes.ts';

/** One sample of the fleet, independent of the format in which it is shown. */
export interface FleetSample {
  readonly metric: FleetDeclaration;
  /** The values of all labels by name. Their order is not that of the exposition: see labelsWithMeanings. */
  readonly labels: Labels;
  readonly value: number;
}

/** The metrics of a scope that the settings ask for, in the order of the catalog. */
export function metricsOf<In extends Scope>(
  scope: In,
  settings: MetricsSettings,
): readonly Metric<In>[] {
  if (scope in USER_SOURCES && settings.detail === 'instances') return [];
  return FLEET_METRICS.filter(isOfScope(scope)).filter(({ wanted }) => wanted?.(settings) ?? true);
}

function isOfScope<In extends Scope>(scope: In) {
  return (metric: AnyMetric): metric is AnyMetric & Metric<In> => metric.scope === scope;
}

/**
 * The samples that metrics of one scope have for one subject. Everything that shows samples of the fleet
 * gets them here: the text exposition, and the benchmark that compares it with prom-client.
 *
 * @param labels those of the scope
 * @returns a list, since a generator for each of 100,000 users takes longer than computing the values
 */
export function samplesOf<In extends Scope>(
  metrics: readonly Metric<In>[],
  subject: Subjects[In],
  labels: Labels,
  settings: MetricsSettings,
): readonly FleetSample[] {
  const samples: FleetSample[] = [];
  for (const metric of metrics) {
    for (const { labels: own, value } of metric.samples(subject, settings)) {
      samples.push({ metric, labels: own === NO_LABELS ? labels : { ...labels, ...own }, value });
    }
  }
  return samples;
}
