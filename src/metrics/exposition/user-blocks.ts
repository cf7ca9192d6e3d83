import type { Admits } from '../admission.ts';
import { areSame } from '../are-same.ts';
import type { Metric, MetricsSettings } from '../metric.ts';
import { eachSample, type SampleConsumer } from '../samples.ts';
import {
  SCOPE_LABELS,
  type Subjects,
  USER_SOURCES,
  type UserScope,
  userLabels,
} from '../scopes.ts';
import type { UserNames } from '../user-names.ts';
import type { BlocksByMetric } from './block.ts';
import { FamilyLines } from './family-lines.ts';
import { labelText, linePrefix } from './lines.ts';
import { INSTANCE_LABEL_NAMES, type RenderedInstance } from './rendered-instances.ts';

export interface AdmittedInstance {
  readonly instance: RenderedInstance;
  readonly admits: Admits;
}

export interface UserLineOptions {
  readonly settings: MetricsSettings;
  readonly userNames: UserNames;
}

/** Number of users that are rendered before the work may be interrupted. They take some tenths of a millisecond. */
const USERS_AT_ONCE = 64;

/**
 * The blocks of one scope's metrics for the users of a group of instances. They are rendered again only when
 * their part of a snapshot, or the choice of users, has changed. The series of a deleted user end because the
 * next snapshot has no such user (fleet/snapshots.ts).
 */
export class UserBlocks<In extends UserScope = UserScope> {
  readonly #scope: In;
  readonly #metrics: readonly Metric<In>[];
  readonly #options: UserLineOptions;
  /** The labels that users have in addition to the labels of their instance. */
  readonly #labelNames: readonly string[];
  #sources: readonly unknown[] = [undefined];
  /** The number of series for which the last refresh had room; undefined if there was room for all of them. */
  #cutAt: number | undefined;
  #blocks: BlocksByMetric = new Map();
  #exposed = 0;
  #dropped = 0;

  constructor(scope: In, metrics: readonly Metric<In>[], options: UserLineOptions) {
    this.#scope = scope;
    this.#metrics = metrics;
    this.#options = options;
    this.#labelNames = Object.keys(SCOPE_LABELS[scope]).slice(INSTANCE_LABEL_NAMES.length);
  }

  get blocks(): BlocksByMetric {
    return this.#blocks;
  }

  get exposed(): number {
    return this.#exposed;
  }

  /** The number of series for which there was no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Brings the blocks up to date. Yields where it may be interrupted.
   *
   * @param room the number of series that the blocks may hold
   */
  *refresh(group: readonly AdmittedInstance[], room: number): Generator<undefined, void> {
    const { part } = USER_SOURCES[this.#scope];
    const sources = group.flatMap(({ instance, admits }) => [instance.visible[part], admits]);
    if (this.#isUpToDate(sources, room)) return;
    this.#exposed = 0;
    this.#dropped = 0;
    this.#cutAt = undefined;
    const families = new Map(
      this.#metrics.map((metric) => [metric.name, new FamilyLines(metric, this.#blocks)]),
    );
    for (const admitted of group) yield* this.#add(admitted, room, families);
    this.#blocks = new Map(Array.from(families, ([name, family]) => [name, family.end()]));
    this.#sources = sources;
  }

  #isUpToDate(sources: readonly unknown[], room: number): boolean {
    if (this.#cutAt === undefined ? this.#exposed > room : this.#cutAt !== room) return false;
    return areSame(sources, this.#sources);
  }

  *#add(
    { instance, admits }: AdmittedInstance,
    room: number,
    families: ReadonlyMap<string, FamilyLines>,
  ): Generator<undefined, void> {
    const written = new Set<string>();
    let users = 0;
    for (const { subject, userName, clientIp } of USER_SOURCES[this.#scope].subjects(
      instance.visible,
    )) {
      if (++users % USERS_AT_ONCE === 0) yield;
      if (!admits(userName)) {
        this.#eachSample(subject, () => this.#dropped++);
        continue;
      }
      const name = this.#options.userNames(userName);
      const text = labelText(this.#labelNames, userLabels(name, clientIp));
      // Hashed names can be equal, and a series must not be written twice. Without an address, the name
      // itself is the key: in most cases it is the string that the snapshot holds, so it takes no memory
      // here.
      const key = clientIp === undefined ? name : text;
      if (written.has(key)) continue;
      written.add(key);
      const scopeText = `${instance.labelText},${text}`;
      this.#eachSample(subject, (metric, own, value, line) => {
        // A user is admitted as if it had one session, but may have more.
        if (this.#exposed >= room) {
          this.#cutAt = room;
          this.#dropped++;
        } else {
          this.#exposed++;
          families.get(metric.name)?.add(linePrefix(metric, own, scopeText, line), value);
        }
      });
    }
  }

  #eachSample(subject: Subjects[In], consume: SampleConsumer): void {
    eachSample(this.#metrics, subject, this.#options.settings, consume);
  }
}
