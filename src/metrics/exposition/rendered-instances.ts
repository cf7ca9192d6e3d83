import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { type VisibleInstance, visibleInstance, visibleSources } from '../../fleet/visible.ts';
import { areSame } from '../are-same.ts';
import type { MetricsSettings } from '../metric.ts';
import { eachSample, metricsOf } from '../samples.ts';
import { instanceLabels, SCOPE_LABELS } from '../scopes.ts';
import { labelText, linePrefix, valueText } from './lines.ts';

export const INSTANCE_LABEL_NAMES = Object.keys(SCOPE_LABELS.instance);

/**
 * An instance as it was at one moment; nothing in it changes. Its users are rendered later, from the same
 * moment, so that no scrape shows a sum of one pass next to the users of another.
 */
export interface RenderedInstance {
  readonly visible: VisibleInstance;
  readonly labelText: string;
  /** For each metric of the instance scope, by name, the lines of this instance. */
  readonly lines: Readonly<Record<string, string>>;
  readonly users: number;
}

/**
 * Renders the instances of a fleet. An instance is rendered again only when something that it shows has
 * changed.
 */
export class RenderedInstances {
  readonly #fleet: Fleet;
  readonly #staleAfter: number;
  readonly #settings: MetricsSettings;
  #cached: ReadonlyMap<InstanceRecord, Cached> = new Map();

  /** @param staleAfter milliseconds without success after which a stage may be stale */
  constructor(fleet: Fleet, staleAfter: number, settings: MetricsSettings) {
    this.#fleet = fleet;
    this.#staleAfter = staleAfter;
    this.#settings = settings;
  }

  /**
   * Returns the instances as they are now. If several have equal labels, only the first is returned. Yields
   * where it may be interrupted.
   */
  *refresh(): Generator<undefined, ReadonlyMap<InstanceRecord, RenderedInstance>> {
    const cached = new Map<InstanceRecord, Cached>();
    const instances = new Map<InstanceRecord, RenderedInstance>();
    const texts = new Set<string>();
    for (const record of [...this.#fleet.instances]) {
      const entry = this.#current(record);
      cached.set(record, entry);
      if (!texts.has(entry.instance.labelText)) instances.set(record, entry.instance);
      texts.add(entry.instance.labelText);
      yield;
    }
    this.#cached = cached;
    return instances;
  }

  #current(record: InstanceRecord): Cached {
    const sources = visibleSources(this.#fleet, record, this.#staleAfter);
    const cached = this.#cached.get(record);
    if (cached && areSame(cached.sources, sources)) return cached;
    return { sources, instance: this.#rendered(record) };
  }

  #rendered(record: InstanceRecord): RenderedInstance {
    const visible = visibleInstance(this.#fleet, record, this.#staleAfter);
    const text = labelText(INSTANCE_LABEL_NAMES, instanceLabels(visible.id));
    const metrics = metricsOf('instance', this.#settings);
    const lines = Object.fromEntries(metrics.map(({ name }) => [name, '']));
    eachSample(metrics, visible, this.#settings, (metric, own, value, line) => {
      lines[metric.name] += `${linePrefix(metric, own, text, line)}${valueText(value)}\n`;
    });
    return { visible, labelText: text, lines, users: visible.users?.users.length ?? 0 };
  }
}

interface Cached {
  /** While each source is the same as before, the instance is the same too. */
  readonly sources: readonly unknown[];
  readonly instance: RenderedInstance;
}
