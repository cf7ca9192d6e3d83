import { STAGES } from '../model/stage.ts';
import { FLEET_METRICS } from './catalog/index.ts';
import type {
  AnyMetric,
  FleetDeclaration,
  HistogramLine,
  Metric,
  MetricsSettings,
} from './metric.ts';
import { isOfUsers, type Labels, type Scope, type Subjects, USER_SOURCES } from './scopes.ts';

/**
 * Receives one sample of a subject.
 *
 * @param labels the values of the metric's own labels by name; the series also has those of the subject
 * @param line which line of a histogram the sample is; absent for other metrics
 */
export type SampleConsumer = (
  metric: FleetDeclaration,
  labels: Labels,
  value: number,
  line: HistogramLine | undefined,
) => void;

/** The metrics of a scope that the settings ask for, in the order of the catalog. */
export function metricsOf<In extends Scope>(
  scope: In,
  settings: MetricsSettings,
): readonly Metric<In>[] {
  if (isOfUsers(scope)) {
    const { stage } = USER_SOURCES[scope];
    const isPolled = !STAGES[stage].isEnabled || settings.enabledStages?.includes(stage);
    if (settings.detail === 'instances' || !isPolled) return [];
  }
  return FLEET_METRICS.filter(isOfScope(scope)).filter(({ wanted }) => wanted?.(settings) ?? true);
}

function isOfScope<In extends Scope>(scope: In) {
  return (metric: AnyMetric): metric is AnyMetric & Metric<In> => metric.scope === scope;
}

/**
 * Passes on the samples that metrics of one scope have for one subject. Everything that shows samples of
 * the fleet gets them here: the text exposition, and the benchmark that compares it with prom-client.
 *
 * It calls a function for each sample, since making an object of each would take half as long as rendering
 * the lines of 100,000 users.
 */
export function eachSample<In extends Scope>(
  metrics: readonly Metric<In>[],
  subject: Subjects[In],
  settings: MetricsSettings,
  consume: SampleConsumer,
): void {
  for (const metric of metrics) {
    for (const { labels, value, line } of metric.samples(subject, settings)) {
      consume(metric, labels, value, line);
    }
  }
}
