import { areSame } from '../are-same.ts';
import type { Metric } from '../metric.ts';
import type { Block, BlocksByMetric } from './block.ts';
import { FamilyLines } from './family-lines.ts';
import type { RenderedInstance } from './rendered-instances.ts';

export class InstanceBlocks {
  readonly #metrics: readonly Metric<'instance'>[];
  #instances: readonly RenderedInstance[] = [];
  #blocks: BlocksByMetric = new Map();

  constructor(metrics: readonly Metric<'instance'>[]) {
    this.#metrics = metrics;
  }

  get blocks(): BlocksByMetric {
    return this.#blocks;
  }

  /** Renders the blocks again when one of the instances has changed. Yields where it may be interrupted. */
  *refresh(instances: readonly RenderedInstance[]): Generator<undefined, void> {
    if (areSame(instances, this.#instances)) return;
    const blocks = new Map<string, readonly Block[]>();
    for (const metric of this.#metrics) {
      const family = new FamilyLines(metric, this.#blocks);
      for (const { lines } of instances) family.addText(lines[metric.name] ?? '');
      blocks.set(metric.name, family.end());
      yield;
    }
    this.#blocks = blocks;
    this.#instances = instances;
  }
}
