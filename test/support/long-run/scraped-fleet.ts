import { type ParsedSample, parseExposition } from '../parse-exposition.ts';

/** What a scrape says of one instance. */
export class ScrapedInstance {
  readonly id: string;
  readonly regionId: string;
  readonly #families = new Map<string, ParsedSample[]>();

  constructor(id: string, regionId: string) {
    this.id = id;
    this.regionId = regionId;
  }

  add(sample: ParsedSample): void {
    const samples = this.#families.get(sample.name);
    if (samples) samples.push(sample);
    else this.#families.set(sample.name, [sample]);
  }

  has(name: string): boolean {
    return this.#families.has(name);
  }

  samples(name: string): readonly ParsedSample[] {
    return this.#families.get(name) ?? [];
  }

  /** The figure of a family that has one for each instance. */
  figure(name: string): number | undefined {
    return this.samples(name)[0]?.value;
  }

  /** Figures by a label; those that differ in another are summed up. */
  by(label: string, name: string): ReadonlyMap<string, number> {
    const figures = new Map<string, number>();
    for (const { labels, value } of this.samples(name)) {
      const key = labels[label] ?? '';
      figures.set(key, (figures.get(key) ?? 0) + value);
    }
    return figures;
  }

  byUser(name: string): ReadonlyMap<string, number> {
    return this.by('user_name', name);
  }

  /** Seconds since the epoch. */
  lastSuccess(stage: string): number | undefined {
    return this.by('stage', 'sag_app_last_success_timestamp_seconds').get(stage);
  }

  /** Seconds. */
  duration(stage: string): number {
    return this.by('stage', 'sag_app_stage_duration_seconds').get(stage) ?? 0;
  }

  failures(stage: string): number {
    return this.by('stage', 'sag_app_stage_failures_total').get(stage) ?? 0;
  }
}

/** A scrape, read. */
export interface ScrapedFleet {
  /** When it was made, in seconds since the epoch. */
  readonly at: number;
  readonly instances: ReadonlyMap<string, ScrapedInstance>;
  /** Last success of discovery by region. */
  readonly discoveries: ReadonlyMap<string, number>;
  /** Every counter by name and labels, with the instance it is of. */
  readonly counters: ReadonlyMap<string, { readonly value: number; readonly instanceId?: string }>;
}

/** @throws Error when the text breaks a rule of the format: a doubled series, a family in pieces */
export function readScrape(text: string, at: number): ScrapedFleet {
  const instances = new Map<string, ScrapedInstance>();
  const discoveries = new Map<string, number>();
  const counters = new Map<string, { value: number; instanceId?: string }>();
  for (const { type, samples } of parseExposition(text)) {
    for (const sample of samples) {
      const { name, labels, value } = sample;
      const { region_id = '', instance_id } = labels;
      if (name === 'sag_app_discovery_last_success_timestamp_seconds') {
        discoveries.set(region_id, value);
      }
      if (type === 'counter') {
        const key = `${name}${JSON.stringify(labels)}`;
        counters.set(key, { value, ...(instance_id !== undefined && { instanceId: instance_id }) });
      }
      if (instance_id === undefined) continue;
      const known = instances.get(instance_id) ?? new ScrapedInstance(instance_id, region_id);
      instances.set(instance_id, known);
      known.add(sample);
    }
  }
  return { at, instances, discoveries, counters };
}
