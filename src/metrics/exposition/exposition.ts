import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { STAGES } from '../../model/stage.ts';
import type { UserAdmission } from '../admission.ts';
import { FLEET_METRICS } from '../catalog/index.ts';
import {
  type AnyMetric,
  type Metric,
  type MetricsSettings,
  SCOPE_LABELS,
  type Scope,
  type Subjects,
} from '../metric.ts';
import { PART_OF_SCOPE, USER_SUBJECTS, type UserScope } from '../subjects.ts';
import type { UserNames } from '../user-names.ts';
import { areSame } from './are-same.ts';
import type { Block } from './block.ts';
import { Family } from './family.ts';
import { FamilyLines } from './family-lines.ts';
import { GroupBlocks } from './group-blocks.ts';
import { type Group, groupsOf } from './groups.ts';
import { labelPairs, sampleLine } from './lines.ts';
import { type Picture, Pictures } from './picture.ts';
import { Published } from './published.ts';
import { ScopeBlocks, type UserBlocks, type UserLinesOptions } from './scope-blocks.ts';

/** What the exposition of a fleet needs. */
export interface ExpositionOptions {
  readonly fleet: Fleet;
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  readonly settings: MetricsSettings;
  readonly userNames: UserNames;
  /** Who gets series. */
  readonly admission: UserAdmission;
}

/**
 * The fleet's metrics, rendered block by block and kept: what did not change since the last scrape
 * costs nothing at the next.
 */
export class FleetExposition {
  readonly #options: ExpositionOptions;
  readonly #metrics: readonly AnyMetric[];
  readonly #pictures: Pictures;
  readonly #instanceMetrics: readonly Metric<'instance'>[];
  readonly #userScopes: readonly ScopeFamilies[];
  /** Blocks that belong to no instance, by the name of their metric. */
  readonly #others = new Map<string, readonly Block[]>();
  readonly #families = new Map<string, Family>();
  #groups: readonly Group[] = [];
  #blocks: ReadonlyMap<Group, GroupBlocks> = new Map();
  /** The lists of blocks that families were last made of. */
  #blockLists: readonly (readonly unknown[])[] = [];

  constructor(options: ExpositionOptions) {
    const { fleet, settings, staleAfter } = options;
    this.#options = options;
    this.#metrics = FLEET_METRICS.filter((metric) => isWanted(metric, settings));
    this.#instanceMetrics = this.#metrics.filter(isOfScope('instance'));
    this.#userScopes = USER_SCOPES.map((scope) => scopeFamilies(scope, this.#metrics)).filter(
      ({ names }) => names.length > 0,
    );
    this.#pictures = new Pictures(fleet, staleAfter, this.#instanceMetrics, settings);
  }

  /**
   * Renders what has changed. Yields where it may be interrupted; each instance is as it was at one
   * moment all the same.
   */
  *refresh(): Generator<undefined, Published> {
    const { admission } = this.#options;
    const pictures = yield* this.#pictures.take();
    const visible = new Map(Array.from(pictures, ([record, one]) => [record, one.visible]));
    const seriesPerUser = this.#userScopes.reduce((sum, { names }) => sum + names.length, 0);
    const admits = yield* admission.admit(visible, seriesPerUser);
    this.#regroup(pictures);
    const groups = Array.from(this.#blocks, ([group, blocks]) => ({
      blocks,
      group: group.flatMap((record) => {
        const [picture, isAdmitted] = [pictures.get(record), admits.get(record)];
        return picture && isAdmitted ? [{ picture, admits: isAdmitted }] : [];
      }),
    }));
    const count = { exposed: 0, dropped: 0 };
    for (const { blocks, group } of groups) yield* blocks.refreshInstances(group);
    for (const index of this.#userScopes.keys()) {
      for (const { blocks, group } of groups) {
        const scope = blocks.scopes[index];
        if (!scope) continue;
        yield* scope.refresh(group, admission.most - count.exposed);
        count.exposed += scope.exposed;
        count.dropped += scope.dropped;
      }
    }
    return new Published(this.#currentFamilies(), count);
  }

  #regroup(pictures: ReadonlyMap<InstanceRecord, Picture>): void {
    const groups = groupsOf(pictures, this.#groups);
    if (groups === this.#groups) return;
    const newBlocks = (): GroupBlocks =>
      new GroupBlocks(
        this.#instanceMetrics,
        this.#userScopes.map(({ newBlocks }) => newBlocks(this.#options)),
      );
    this.#blocks = new Map(groups.map((group) => [group, newBlocks()]));
    this.#groups = groups;
  }

  /** The families that have samples. */
  #currentFamilies(): readonly Family[] {
    const groups = [...this.#blocks.values()];
    const lists = groups.flatMap(({ instanceBlocks, scopes }) => [
      instanceBlocks,
      ...scopes.map(({ blocks }) => blocks),
    ]);
    const areKnown = areSame(lists, this.#blockLists);
    const families = this.#metrics.flatMap((metric) => {
      if (areKnown && IN_GROUPS.has(metric.scope)) return this.#families.get(metric.name) ?? [];
      const blocks = this.#blocksOf(metric, groups);
      if (blocks.length > 0) return this.#family(metric, blocks);
      this.#families.delete(metric.name);
      return [];
    });
    this.#blockLists = lists;
    return families;
  }

  #family(metric: AnyMetric, blocks: readonly Block[]): Family {
    const known = this.#families.get(metric.name);
    if (known?.holds(blocks)) return known;
    const family = new Family(metric, blocks);
    this.#families.set(metric.name, family);
    return family;
  }

  #blocksOf(metric: AnyMetric, groups: readonly GroupBlocks[]): readonly Block[] {
    const { fleet } = this.#options;
    switch (metric.scope) {
      case 'account':
        return this.#otherBlocks(metric, fleet.accounts, ({ name }) => [name]);
      case 'region':
        return this.#otherBlocks(metric, fleet.regions, (one) => [one.account, one.regionId]);
      case 'instance': {
        const index = this.#instanceMetrics.indexOf(metric);
        return groups.flatMap(({ instanceBlocks }) => instanceBlocks[index] ?? []);
      }
      default: {
        const of = this.#userScopes.findIndex(({ names }) => names.includes(metric.name));
        const index = this.#userScopes[of]?.names.indexOf(metric.name) ?? 0;
        return groups.flatMap(({ scopes }) => scopes[of]?.blocks[index] ?? []);
      }
    }
  }

  #otherBlocks<In extends 'account' | 'region'>(
    metric: Metric<In>,
    subjects: Iterable<Subjects[In]>,
    valuesOf: (subject: Subjects[In]) => readonly string[],
  ): readonly Block[] {
    const family = new FamilyLines(false, this.#others.get(metric.name) ?? []);
    const names = Object.keys(SCOPE_LABELS[metric.scope]);
    const seen = new Set<string>();
    for (const subject of subjects) {
      const labels = labelPairs(names, valuesOf(subject));
      if (seen.has(labels)) continue;
      seen.add(labels);
      for (const sample of metric.samples(subject, this.#options.settings)) {
        family.addText(sampleLine(metric.name, labels, sample));
      }
    }
    const blocks = family.end();
    this.#others.set(metric.name, blocks);
    return blocks;
  }
}

const USER_SCOPES = Object.keys(USER_SUBJECTS) as readonly UserScope[];
/** Scopes whose lines are those of groups of instances. */
const IN_GROUPS: ReadonlySet<Scope> = new Set(['instance', ...USER_SCOPES]);

/** The metrics of one scope of users. */
interface ScopeFamilies {
  readonly names: readonly string[];
  readonly newBlocks: (options: UserLinesOptions) => UserBlocks;
}

function scopeFamilies<In extends UserScope>(scope: In, all: readonly AnyMetric[]): ScopeFamilies {
  const metrics = all.filter(isOfScope(scope));
  return {
    names: metrics.map(({ name }) => name),
    newBlocks: (options) => new ScopeBlocks<In>({ scope, metrics }, options),
  };
}

function isOfScope<In extends Scope>(scope: In) {
  return (metric: AnyMetric): metric is AnyMetric & Metric<In> => metric.scope === scope;
}

function isOfUsers(scope: Scope): scope is UserScope {
  return scope in PART_OF_SCOPE;
}

function isWanted(metric: AnyMetric, settings: MetricsSettings): boolean {
  if (isOfUsers(metric.scope)) {
    const stage = PART_OF_SCOPE[metric.scope];
    const isEnabled = !STAGES[stage].isEnabled || settings.enabledStages?.includes(stage);
    if (settings.detail === 'instances' || !isEnabled) return false;
  }
  return metric.wanted?.(settings) ?? true;
}
