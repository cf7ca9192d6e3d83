import type { Admits } from '../admission.ts';
import { type Metric, type MetricsSettings, SCOPE_LABELS, type Subjects } from '../metric.ts';
import { PART_OF_SCOPE, USER_SUBJECTS, type UserScope } from '../subjects.ts';
import type { UserNames } from '../user-names.ts';
import { areSame } from './are-same.ts';
import type { Block } from './block.ts';
import { FamilyLines } from './family-lines.ts';
import { labelPairs, linePrefix } from './lines.ts';
import type { Picture } from './picture.ts';

/** A picture, and who of its users get series. */
export interface AdmittedPicture {
  readonly picture: Picture;
  readonly admits: Admits;
}

/** What the lines of users are made with, all along. */
export interface UserLinesOptions {
  readonly settings: MetricsSettings;
  readonly userNames: UserNames;
}

/** The metrics of one scope, which have the same subjects and so are rendered together. */
interface ScopeMetrics<In extends UserScope> {
  readonly scope: In;
  readonly metrics: readonly Metric<In>[];
}

/** The blocks of one scope's metrics for the users of a group of instances. */
export interface UserBlocks {
  /** By metric, in their order. */
  readonly blocks: readonly (readonly Block[])[];
  /** Series in them, and series there was no room for. */
  readonly exposed: number;
  readonly dropped: number;
  /**
   * Brings the blocks up to date. Yields where it may be interrupted.
   *
   * @param room series there may be at most
   */
  refresh(group: readonly AdmittedPicture[], room: number): Generator<undefined, void>;
}

/** Users rendered between two places to be interrupted: some tenths of a millisecond. */
const USERS_AT_ONCE = 64;

const INSTANCE_LABELS = Object.keys(SCOPE_LABELS.instance).length;

/** Blocks rendered anew only when the part of the picture behind them, or the choice of users, is another. */
export class ScopeBlocks<In extends UserScope> implements UserBlocks {
  readonly #of: ScopeMetrics<In>;
  readonly #options: UserLinesOptions;
  readonly #ownLabels: readonly string[];
  #sources: readonly unknown[] = [undefined];
  /** Series there was room for, when there was not for all. */
  #cutAt: number | undefined;
  #blocks: readonly (readonly Block[])[] = [];
  #exposed = 0;
  #dropped = 0;

  constructor(of: ScopeMetrics<In>, options: UserLinesOptions) {
    this.#of = of;
    this.#options = options;
    this.#ownLabels = Object.keys(SCOPE_LABELS[of.scope]).slice(INSTANCE_LABELS);
  }

  get blocks(): readonly (readonly Block[])[] {
    return this.#blocks;
  }

  get exposed(): number {
    return this.#exposed;
  }

  get dropped(): number {
    return this.#dropped;
  }

  *refresh(group: readonly AdmittedPicture[], room: number): Generator<undefined, void> {
    const part = PART_OF_SCOPE[this.#of.scope];
    const sources = group.flatMap(({ picture, admits }) => [picture.visible[part], admits]);
    if (this.#isUpToDate(sources, room)) return;
    this.#exposed = 0;
    this.#dropped = 0;
    this.#cutAt = undefined;
    const families = this.#of.metrics.map(
      ({ isAge = false }, index) => new FamilyLines(isAge, this.#blocks[index] ?? []),
    );
    for (const { picture, admits } of group) yield* this.#add(picture, admits, room, families);
    this.#blocks = families.map((family) => family.end());
    this.#sources = sources;
  }

  #isUpToDate(sources: readonly unknown[], room: number): boolean {
    if (this.#cutAt === undefined ? this.#exposed > room : this.#cutAt !== room) return false;
    return areSame(sources, this.#sources);
  }

  *#add(
    { visible, labels }: Picture,
    admits: Admits,
    room: number,
    families: readonly FamilyLines[],
  ): Generator<undefined, void> {
    const { userNames } = this.#options;
    const seen = new Set<string>();
    let users = 0;
    for (const { subject, userName, clientIp } of USER_SUBJECTS[this.#of.scope](visible)) {
      if (++users % USERS_AT_ONCE === 0) yield;
      if (!admits(userName)) {
        this.#drop(subject);
        continue;
      }
      const name = userNames(userName);
      const own = labelPairs(this.#ownLabels, [name, clientIp ?? '']);
      // Names may be equal once they are hashed, and a series must not stand twice. Mostly
      // the name is the very one that is known already, so that no other text must be held meanwhile.
      const key = clientIp === undefined ? name : own;
      if (seen.has(key)) continue;
      seen.add(key);
      this.#addSubject(subject, `${labels},${own}`, room, families);
    }
  }

  #addSubject(
    subject: Subjects[In],
    labels: string,
    room: number,
    families: readonly FamilyLines[],
  ): void {
    for (const [index, metric] of this.#of.metrics.entries()) {
      for (const { labels: more, value } of metric.samples(subject, this.#options.settings)) {
        // A user is admitted with one session, but may have more.
        if (this.#exposed >= room) {
          this.#cutAt = room;
          this.#dropped++;
          continue;
        }
        this.#exposed++;
        families[index]?.add(linePrefix(metric.name, labels, more), value);
      }
    }
  }

  /** Counts the series of a subject that is not admitted. */
  #drop(subject: Subjects[In]): void {
    for (const metric of this.#of.metrics) {
      for (const _ of metric.samples(subject, this.#options.settings)) this.#dropped++;
    }
  }
}
