import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import type { UserAdmission } from '../admission.ts';
import { areSame } from '../are-same.ts';
import { FLEET_METRICS } from '../catalog/index.ts';
import { metricsOf } from '../samples.ts';
import { accountLabels, regionLabels, USER_SOURCES, type UserScope } from '../scopes.ts';
import { AccountBlocks } from './account-blocks.ts';
import type { Block, BlocksByMetric } from './block.ts';
import { type Group, groupsOf } from './groups.ts';
import { InstanceBlocks } from './instance-blocks.ts';
import { Family, Published, type SeriesCount } from './published.ts';
import { type RenderedInstance, RenderedInstances } from './rendered-instances.ts';
import { type AdmittedInstance, UserBlocks, type UserLineOptions } from './user-blocks.ts';

export interface ExpositionOptions extends UserLineOptions {
  readonly fleet: Fleet;
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  readonly admission: UserAdmission;
}

interface GroupBlocks {
  readonly instances: InstanceBlocks;
  readonly users: ReadonlyMap<UserScope, UserBlocks>;
}

/**
 * The fleet's metrics, rendered in blocks that are kept: a block is rendered again only when something in it
 * has changed, so a scrape of an unchanged fleet only passes the blocks on.
 */
export class FleetExposition {
  readonly #options: ExpositionOptions;
  readonly #rendered: RenderedInstances;
  readonly #accounts: AccountBlocks<'account'>;
  readonly #regions: AccountBlocks<'region'>;
  readonly #userScopes: readonly UserScope[];
  readonly #seriesPerUser: number;
  #groups: readonly Group[] = [];
  #groupBlocks: ReadonlyMap<Group, GroupBlocks> = new Map();
  /** The blocks from which the newest families were built. */
  #blocks: readonly BlocksByMetric[] = [];
  #families: ReadonlyMap<string, Family> = new Map();

  constructor(options: ExpositionOptions) {
    const { fleet, settings, staleAfter } = options;
    this.#options = options;
    this.#rendered = new RenderedInstances(fleet, staleAfter, settings);
    this.#accounts = new AccountBlocks('account', settings, accountLabels);
    this.#regions = new AccountBlocks('region', settings, regionLabels);
    const scopes = Object.keys(USER_SOURCES) as readonly UserScope[];
    this.#userScopes = scopes.filter((scope) => metricsOf(scope, settings).length > 0);
    this.#seriesPerUser = scopes
      .flatMap((scope) => metricsOf(scope, settings))
      .filter(({ insteadOf }) => insteadOf === undefined).length;
  }

  /**
   * Renders what has changed. Yields where it may be interrupted; nevertheless, everything shown of one
   * instance is from the same moment.
   */
  *refresh(): Generator<undefined, Published> {
    const { fleet, admission } = this.#options;
    const instances = yield* this.#rendered.refresh();
    const visible = new Map(Array.from(instances, ([record, one]) => [record, one.visible]));
    const admits = yield* admission.admit(visible, this.#seriesPerUser);
    this.#regroup(instances);
    const admitted = (record: InstanceRecord): readonly AdmittedInstance[] => {
      const [instance, isAdmitted] = [instances.get(record), admits.get(record)];
      return instance && isAdmitted ? [{ instance, admits: isAdmitted }] : [];
    };
    const groups = Array.from(this.#groupBlocks, ([group, blocks]) => ({
      blocks,
      members: group.flatMap(admitted),
    }));
    for (const { blocks, members } of groups) {
      yield* blocks.instances.refresh(members.map(({ instance }) => instance));
    }
    const series = { exposed: 0, dropped: 0 };
    // Each scope is rendered for all instances before the next, because the first scopes have priority when
    // there is too little room.
    for (const scope of this.#userScopes) {
      for (const { blocks, members } of groups) {
        const users = blocks.users.get(scope);
        if (!users) continue;
        yield* users.refresh(members, admission.most - series.exposed);
        series.exposed += users.exposed;
        series.dropped += users.dropped;
      }
    }
    return this.#published(
      [
        this.#accounts.refresh(fleet.accounts),
        this.#regions.refresh(fleet.regions),
        ...groups.flatMap(({ blocks }) => blocksOf(blocks)),
      ],
      series,
    );
  }

  #regroup(instances: ReadonlyMap<InstanceRecord, RenderedInstance>): void {
    const groups = groupsOf(instances, this.#groups);
    if (groups === this.#groups) return;
    this.#groupBlocks = new Map(groups.map((group) => [group, this.#newGroupBlocks()]));
    this.#groups = groups;
  }

  #newGroupBlocks(): GroupBlocks {
    const { settings } = this.#options;
    return {
      instances: new InstanceBlocks(metricsOf('instance', settings)),
      users: new Map(
        this.#userScopes.map((scope) => [
          scope,
          new UserBlocks(scope, metricsOf(scope, settings), this.#options),
        ]),
      ),
    };
  }

  /** Builds the families, in the order of the catalog. Families whose blocks are unchanged are kept. */
  #published(blocks: readonly BlocksByMetric[], series: SeriesCount): Published {
    if (!areSame(blocks, this.#blocks)) {
      this.#families = this.#familiesOf(blocks);
      this.#blocks = blocks;
    }
    return new Published([...this.#families.values()], series);
  }

  #familiesOf(allBlocks: readonly BlocksByMetric[]): ReadonlyMap<string, Family> {
    const byMetric = new Map<string, Block[]>();
    for (const some of allBlocks) {
      for (const [name, blocks] of some) {
        const before = byMetric.get(name);
        if (before) before.push(...blocks);
        else byMetric.set(name, [...blocks]);
      }
    }
    const families = new Map<string, Family>();
    for (const metric of FLEET_METRICS) {
      const blocks = byMetric.get(metric.name) ?? [];
      if (blocks.length === 0) continue;
      const last = this.#families.get(metric.name);
      families.set(metric.name, last?.holds(blocks) ? last : new Family(metric, blocks));
    }
    return families;
  }
}

function blocksOf({ instances, users }: GroupBlocks): readonly BlocksByMetric[] {
  return [instances.blocks, ...Array.from(users.values(), ({ blocks }) => blocks)];
}
