import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { type VisibleInstance, visibleInstance, visibleSources } from '../../fleet/visible.ts';
import { type Metric, type MetricsSettings, SCOPE_LABELS } from '../metric.ts';
import { areSame } from './are-same.ts';
import { labelPairs, sampleLine } from './lines.ts';

/**
 * An instance at one moment, never changed: what is rendered of it later is of that moment too, so that
 * no scrape shows a sum of one pass beside the users of the next.
 */
export interface Picture {
  readonly visible: VisibleInstance;
  /** Labels of the instance, as they stand between the braces. */
  readonly labels: string;
  /** Users it has, roughly what its blocks will hold. */
  readonly weight: number;
  /** Its lines of each metric of the instance scope, in the order of the metrics. */
  readonly lines: readonly string[];
}

const INSTANCE_LABELS = Object.keys(SCOPE_LABELS.instance);

/** Takes pictures of instances, a new one only when something that shows has changed. */
export class Pictures {
  readonly #fleet: Fleet;
  readonly #staleAfter: number;
  readonly #metrics: readonly Metric<'instance'>[];
  readonly #settings: MetricsSettings;
  #taken: ReadonlyMap<InstanceRecord, Taken> = new Map();

  /**
   * @param staleAfter milliseconds without success after which a stage may be stale
   * @param metrics those of the instance scope that are wanted
   */
  constructor(
    fleet: Fleet,
    staleAfter: number,
    metrics: readonly Metric<'instance'>[],
    settings: MetricsSettings,
  ) {
    this.#fleet = fleet;
    this.#staleAfter = staleAfter;
    this.#metrics = metrics;
    this.#settings = settings;
  }

  /**
   * The instances as they are now, by their records; instances whose names were made equal by repair
   * are one, the first. Yields where it may be interrupted.
   */
  *take(): Generator<undefined, ReadonlyMap<InstanceRecord, Picture>> {
    const taken = new Map<InstanceRecord, Taken>();
    const pictures = new Map<InstanceRecord, Picture>();
    const seen = new Set<string>();
    for (const record of [...this.#fleet.instances]) {
      const one = this.#newest(record);
      taken.set(record, one);
      if (!seen.has(one.picture.labels)) pictures.set(record, one.picture);
      seen.add(one.picture.labels);
      yield;
    }
    this.#taken = taken;
    return pictures;
  }

  #newest(record: InstanceRecord): Taken {
    const sources = visibleSources(this.#fleet, record, this.#staleAfter);
    const last = this.#taken.get(record);
    if (last && areSame(last.sources, sources)) return last;
    return { sources, picture: this.#picture(record) };
  }

  #picture(record: InstanceRecord): Picture {
    const visible = visibleInstance(this.#fleet, record, this.#staleAfter);
    const { account, regionId, instanceId } = visible.id;
    const labels = labelPairs(INSTANCE_LABELS, [account, regionId, instanceId]);
    const lines = this.#metrics.map((metric) => {
      let text = '';
      for (const sample of metric.samples(visible, this.#settings)) {
        text += sampleLine(metric.name, labels, sample);
      }
      return text;
    });
    return { visible, labels, lines, weight: visible.users?.users.length ?? 0 };
  }
}

interface Taken {
  readonly sources: readonly unknown[];
  readonly picture: Picture;
}
