import { HOUR, SECOND } from '../clock.ts';

/** Seconds for which an online user's `lastOnline` may stand still, so that it does not change with every pass. */
const LAST_ONLINE_STEP = HOUR / SECOND;

/** Seconds between two complete counts after which a user may have been online unnoticed in between. */
const LONGEST_UNWATCHED = HOUR / SECOND;

/** Maximum number of gaps that are kept. An exporter that is down every night for three years has fewer. */
const MOST_GAPS = 1000;

/** A time in which the online users were not counted, because the exporter was down or its passes failed. */
export interface Gap {
  /** Seconds since the epoch. */
  readonly from: number;
  /** Seconds since the epoch. */
  readonly to: number;
}

/** When a user was first and last observed. All times are seconds since the epoch. */
export interface UserPresence {
  /** The first pass that counted the user. */
  firstSeen: number;
  /** A pass that found the user online; absent while no pass has. */
  lastOnline?: number;
  /**
   * The newest pass that found the user online. It is kept only while the user is online, and becomes
   * `lastOnline` when the user goes offline.
   */
  onlineUntil?: number;
}

/** The contents of a Presence as plain data. */
export interface PresenceData {
  readonly watchedSince: number;
  readonly countedAt: number;
  readonly gaps: readonly Gap[];
  readonly users: Iterable<readonly [name: string, user: Readonly<UserPresence>]>;
}

/**
 * Records when each user of an instance was last online, and since when this is recorded. The API does not tell
 * when a user last logged in, so online passes are the only source.
 *
 * All times are the beginnings of passes by the wall clock, in seconds since the epoch, because they must make
 * sense after a restart. A clock that was set back is corrected: no time stays in the future.
 */
export class Presence {
  #watchedSince: number | undefined;
  /** The newest complete pass. */
  #countedAt: number | undefined;
  /** In order of time, without overlaps. */
  #gaps: Gap[] = [];
  readonly #users = new Map<string, UserPresence>();

  constructor(data?: PresenceData) {
    if (!data) return;
    this.#watchedSince = data.watchedSince;
    this.#countedAt = data.countedAt;
    this.#gaps = [...data.gaps];
    for (const [name, user] of data.users) this.#users.set(name, { ...user });
  }

  /** The first complete online pass; absent before it. */
  get watchedSince(): number | undefined {
    return this.#watchedSince;
  }

  /** Absent before the first complete online pass. */
  get data(): PresenceData | undefined {
    if (this.#watchedSince === undefined || this.#countedAt === undefined) return undefined;
    return {
      watchedSince: this.#watchedSince,
      countedAt: this.#countedAt,
      gaps: this.#gaps,
      users: this.#users,
    };
  }

  /**
   * Notes the counts of an online pass.
   *
   * @param begun the beginning of the pass
   * @param counts online clients by user name, as this pass has counted them
   * @param isComplete whether the pass has counted every user
   */
  counted(begun: number, counts: ReadonlyMap<string, number>, isComplete: boolean): void {
    if (this.#countedAt !== undefined && begun < this.#countedAt) this.#clockWentBack(begun);
    if (isComplete) this.#watch(begun);
    for (const [name, clients] of counts) {
      const user = this.#users.get(name) ?? { firstSeen: begun };
      this.#users.set(name, user);
      if (clients > 0) {
        user.onlineUntil = begun;
        const moved = user.lastOnline === undefined ? undefined : begun - user.lastOnline;
        if (moved === undefined || moved >= LAST_ONLINE_STEP) user.lastOnline = begun;
      } else if (user.onlineUntil !== undefined) {
        user.lastOnline = user.onlineUntil;
        delete user.onlineUntil;
      }
    }
  }

  /** Forgets the users who do not exist any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#users.keys()) if (!names.has(name)) this.#users.delete(name);
  }

  /** When the user was last seen online; absent when the user was never seen online. */
  lastOnline(name: string): number | undefined {
    return this.#users.get(name)?.lastOnline;
  }

  /** Seconds for which the instance was watched until `now`, without the gaps; 0 before the first complete pass. */
  watchedFor(now: number): number {
    return this.#watchedSince === undefined ? 0 : this.#watchedBetween(this.#watchedSince, now);
  }

  /**
   * Seconds for which the user was watched without being online, until `now`; 0 while the user is online.
   * Absent when no pass has counted the user.
   */
  unusedFor(name: string, now: number): number | undefined {
    const user = this.#users.get(name);
    if (!user) return undefined;
    const since = unusedSince(user, now);
    if (this.#watchedSince === undefined || since >= now) return 0;
    return this.#watchedBetween(Math.max(since, this.#watchedSince), now);
  }

  /**
   * The number of users who were watched for at least `seconds` without being online. Absent until the
   * instance was watched for so long.
   */
  unusedUsers(seconds: number, now: number): number | undefined {
    const latest = this.#latestStart(seconds, now);
    if (latest === undefined) return undefined;
    let users = 0;
    for (const user of this.#users.values()) if (unusedSince(user, now) <= latest) users++;
    return users;
  }

  /**
   * Returns a function that tells by name which users `unusedUsers` counts. It is faster than `unusedFor` of
   * each user. Absent until the instance was watched for so long.
   */
  unusedTest(seconds: number, now: number): ((name: string) => boolean) | undefined {
    const latest = this.#latestStart(seconds, now);
    if (latest === undefined) return undefined;
    return (name) => {
      const user = this.#users.get(name);
      return user !== undefined && unusedSince(user, now) <= latest;
    };
  }

  /** The latest moment since which the instance was watched for `seconds`; absent when there is none. */
  #latestStart(seconds: number, now: number): number | undefined {
    if (this.#watchedSince === undefined) return undefined;
    let left = seconds;
    let end = now;
    for (const gap of this.#gapsUntil(now).reverse()) {
      if (end - gap.to >= left) break;
      left -= end - gap.to;
      end = gap.from;
    }
    const start = end - left;
    return start < this.#watchedSince ? undefined : start;
  }

  #watchedBetween(from: number, to: number): number {
    let unwatched = 0;
    for (const gap of this.#gapsUntil(to)) {
      unwatched += Math.max(0, gap.to - Math.max(gap.from, from));
    }
    return Math.max(0, to - from - unwatched);
  }

  /** The gaps, including the time since the newest complete pass if that is long enough to be a gap. */
  #gapsUntil(now: number): Gap[] {
    const from = this.#countedAt ?? now;
    return now - from > LONGEST_UNWATCHED ? [...this.#gaps, { from, to: now }] : [...this.#gaps];
  }

  #watch(begun: number): void {
    this.#watchedSince ??= begun;
    this.#gaps = this.#gapsUntil(begun);
    if (this.#gaps.length > MOST_GAPS) this.#joinNearestGaps();
    this.#countedAt = begun;
  }

  /** Makes a single gap of the two gaps with the least time between them. That makes the watched time shorter. */
  #joinNearestGaps(): void {
    const between = this.#gaps
      .slice(1)
      .map((gap, index) => gap.from - (this.#gaps[index]?.to ?? gap.from));
    const first = between.indexOf(Math.min(...between));
    const [earlier, later] = this.#gaps.slice(first, first + 2);
    if (earlier && later) this.#gaps.splice(first, 2, { from: earlier.from, to: later.to });
  }

  /** Replaces all times after `now` by `now`. A user then counts as used lately rather than as unused. */
  #clockWentBack(now: number): void {
    if (this.#watchedSince !== undefined) this.#watchedSince = Math.min(this.#watchedSince, now);
    this.#countedAt = now;
    this.#gaps = this.#gaps
      .filter((gap) => gap.from < now)
      .map((gap) => ({ from: gap.from, to: Math.min(gap.to, now) }));
    for (const user of this.#users.values()) {
      user.firstSeen = Math.min(user.firstSeen, now);
      if (user.lastOnline !== undefined) user.lastOnline = Math.min(user.lastOnline, now);
      if (user.onlineUntil !== undefined) user.onlineUntil = Math.min(user.onlineUntil, now);
    }
  }
}

function unusedSince({ firstSeen, lastOnline, onlineUntil }: UserPresence, now: number): number {
  return onlineUntil === undefined ? (lastOnline ?? firstSeen) : now;
}
