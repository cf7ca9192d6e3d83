import type { Metric } from '../metric.ts';
import { areSame } from './are-same.ts';
import type { Block } from './block.ts';
import { FamilyLines } from './family-lines.ts';
import type { Picture } from './picture.ts';
import type { AdmittedPicture, UserBlocks } from './scope-blocks.ts';

/** All blocks of a group of instances. */
export class GroupBlocks {
  readonly #metrics: readonly Metric<'instance'>[];
  #pictures: readonly Picture[] = [];
  #instanceBlocks: readonly (readonly Block[])[] = [];

  /** The blocks of each scope of users, to be brought up to date in their order: they share the room. */
  readonly scopes: readonly UserBlocks[];

  /** @param metrics those of the instance scope */
  constructor(metrics: readonly Metric<'instance'>[], scopes: readonly UserBlocks[]) {
    this.#metrics = metrics;
    this.scopes = scopes;
  }

  /** By metric of the instance scope, in their order. */
  get instanceBlocks(): readonly (readonly Block[])[] {
    return this.#instanceBlocks;
  }

  /** Brings the blocks of the instance scope up to date. Yields where it may be interrupted. */
  *refreshInstances(group: readonly AdmittedPicture[]): Generator<undefined, void> {
    const pictures = group.map(({ picture }) => picture);
    if (areSame(pictures, this.#pictures)) return;
    const blocks: (readonly Block[])[] = [];
    for (const index of this.#metrics.keys()) {
      const family = new FamilyLines(false, this.#instanceBlocks[index] ?? []);
      for (const { lines } of pictures) family.addText(lines[index] ?? '');
      blocks.push(family.end());
      yield;
    }
    this.#instanceBlocks = blocks;
    this.#pictures = pictures;
  }
}
