import { areSame } from '../are-same.ts';
import type { Metric, MetricsSettings } from '../metric.ts';
import { eachSample, metricsOf } from '../samples.ts';
import { type LabelsOf, SCOPE_LABELS, type Subjects } from '../scopes.ts';
import type { BlocksByMetric } from './block.ts';
import { FamilyLines } from './family-lines.ts';
import { labelText, linePrefix } from './lines.ts';

/** The blocks of metrics that belong to no instance. They are few, so each refresh renders all of them. */
export class AccountBlocks<In extends 'account' | 'region'> {
  readonly #metrics: readonly Metric<In>[];
  readonly #settings: MetricsSettings;
  readonly #labelNames: readonly string[];
  readonly #labelsOf: (subject: Subjects[In]) => LabelsOf<In>;
  #blocks: BlocksByMetric = new Map();

  constructor(
    scope: In,
    settings: MetricsSettings,
    labelsOf: (subject: Subjects[In]) => LabelsOf<In>,
  ) {
    this.#metrics = metricsOf(scope, settings);
    this.#settings = settings;
    this.#labelNames = Object.keys(SCOPE_LABELS[scope]);
    this.#labelsOf = labelsOf;
  }

  /** The current blocks: the same map as before when no line has changed. */
  refresh(subjects: Iterable<Subjects[In]>): BlocksByMetric {
    const families = new Map(
      this.#metrics.map((metric) => [metric.name, new FamilyLines(metric, this.#blocks)]),
    );
    const texts = new Set<string>();
    for (const subject of subjects) {
      const text = labelText(this.#labelNames, this.#labelsOf(subject));
      // Two subjects may have equal labels, and a series must not be written twice.
      if (texts.has(text)) continue;
      texts.add(text);
      eachSample(this.#metrics, subject, this.#settings, (metric, own, value, line) => {
        families.get(metric.name)?.add(linePrefix(metric, own, text, line), value);
      });
    }
    const blocks = new Map(Array.from(families, ([name, family]) => [name, family.end()]));
    const isSame = areSame([...blocks.values()].flat(), [...this.#blocks.values()].flat());
    if (!isSame) this.#blocks = blocks;
    return this.#blocks;
  }
}
