import { HOUR, SECOND } from '../clock.ts';
import { WatchedTime, type WatchedTimeData } from './watched-time.ts';

/** Seconds for which an online user's `lastOnline` may stand still, so that it does not change with every pass. */
const LAST_ONLINE_STEP = HOUR / SECOND;

/** When a user was first and last observed, in seconds since the epoch. */
export interface UserTimes {
  /** The first pass that counted the user. */
  readonly firstSeen: number;
  /** A pass that found the user online; absent while no pass has. */
  readonly lastOnline?: number;
}

/** The times of a user as plain data. */
export interface UserPresence extends UserTimes {
  /**
   * The newest pass that found the user online. It is kept only while the user is online, and becomes
   * `lastOnline` when the user goes offline.
   */
  readonly onlineUntil?: number;
}

/** The contents of a Presence as plain data. */
export interface PresenceData extends WatchedTimeData {
  readonly users: Iterable<readonly [name: string, user: UserPresence]>;
}

/**
 * Records when each user of an instance was last online, and since when this is recorded. The API does not tell
 * when a user last logged in, so online passes are the only source.
 *
 * All times are the beginnings of passes by the wall clock, in seconds since the epoch, because they must make
 * sense after a restart. A clock that was set back is corrected: no time stays in the future.
 */
export class Presence {
  readonly #watched: WatchedTime;
  #users = new Map<string, UserTimes>();
  /** Whether `#users` was handed out. Then it is copied before it is changed. */
  #isShared = false;
  /** The newest pass that found the user online, for users who are online. Replaced as a whole, never changed. */
  #online: ReadonlyMap<string, number> = new Map();
  /** Numbers of unused users at the newest complete pass, by seconds. Emptied when the users change. */
  readonly #unused = new Map<number, number | undefined>();

  constructor(data?: PresenceData) {
    this.#watched = new WatchedTime(data);
    if (!data) return;
    const online = new Map<string, number>();
    for (const [name, { onlineUntil, ...times }] of data.users) {
      this.#users.set(name, times);
      if (onlineUntil !== undefined) online.set(name, onlineUntil);
    }
    this.#online = online;
  }

  /** The first complete online pass; absent before it. */
  get watchedSince(): number | undefined {
    return this.#watched.since;
  }

  /** Absent before the first complete online pass. */
  get data(): PresenceData | undefined {
    const watched = this.#watched.data;
    return watched && { ...watched, users: presences(this.times, this.#online) };
  }

  /** The times of each user. The map never changes; when a time changes, there is a new map. */
  get times(): ReadonlyMap<string, UserTimes> {
    this.#isShared = true;
    return this.#users;
  }

  /**
   * Notes the counts of an online pass.
   *
   * @param begun the beginning of the pass
   * @param counts online clients by user name, as this pass has counted them
   * @param isComplete whether the pass has counted every user
   * @param pace seconds from the beginning of this pass to that of the next, if nothing fails
   */
  counted(begun: number, counts: ReadonlyMap<string, number>, isComplete: boolean, pace = 0): void {
    if (begun < (this.#watched.countedAt ?? begun)) this.#clockWentBack(begun);
    this.#watched.counted(begun, isComplete, pace);
    this.#unused.clear();
    const online = new Map(this.#online);
    for (const [name, clients] of counts) {
      const user = this.#users.get(name);
      const lastOnline =
        clients > 0 ? moved(user?.lastOnline, begun) : (online.get(name) ?? user?.lastOnline);
      if (clients > 0) online.set(name, begun);
      else online.delete(name);
      if (!user || lastOnline !== user.lastOnline) {
        this.#set(name, timesOf(user?.firstSeen ?? begun, lastOnline));
      }
    }
    this.#online = online;
  }

  /**
   * Adds what another process has recorded that has watched the instance before or at the same time. A user
   * whom only that process has counted does not exist any more, unless this one has not counted anyone yet.
   */
  include(other: PresenceData): void {
    this.#watched.include(other);
    this.#unused.clear();
    const isFirst = this.#users.size === 0;
    for (const [name, { firstSeen, lastOnline, onlineUntil = lastOnline }] of other.users) {
      const own = this.#users.get(name);
      if (!own && !isFirst) continue;
      const times = [own?.lastOnline, onlineUntil].filter((time) => time !== undefined);
      const newest = times.length === 0 ? undefined : Math.max(...times);
      this.#set(name, timesOf(Math.min(own?.firstSeen ?? firstSeen, firstSeen), newest));
    }
  }

  /** Forgets the users who do not exist any more. */
  keepOnly(names: ReadonlySet<string>): void {
    const gone = [...this.#users.keys()].filter((name) => !names.has(name));
    if (gone.length === 0) return;
    this.#unused.clear();
    const users = this.#ownUsers();
    for (const name of gone) users.delete(name);
    this.#online = new Map([...this.#online].filter(([name]) => names.has(name)));
  }

  /** When the user was last seen online; absent when the user was never seen online. */
  lastOnline(name: string): number | undefined {
    return this.#users.get(name)?.lastOnline;
  }

  /** Seconds for which the instance was watched until `now`, without the gaps; 0 before the first complete pass. */
  watchedFor(now: number): number {
    const { since } = this.#watched;
    return since === undefined ? 0 : this.#watched.between(since, now);
  }

  /**
   * Seconds for which the user was watched without being online, until `now`; 0 while the user is online.
   * Absent when no pass has counted the user.
   */
  unusedFor(name: string, now: number): number | undefined {
    const user = this.#users.get(name);
    if (!user) return undefined;
    const since = this.#online.has(name) ? now : unusedSince(user);
    if (this.#watched.since === undefined || since >= now) return 0;
    return this.#watched.between(Math.max(since, this.#watched.since), now);
  }

  /**
   * The number of users who, at the newest complete pass, were watched for at least `seconds` without being
   * online. Absent until the instance was watched for so long.
   */
  unusedUsers(seconds: number): number | undefined {
    if (!this.#unused.has(seconds)) this.#unused.set(seconds, this.#countUnused(seconds));
    return this.#unused.get(seconds);
  }

  #countUnused(seconds: number): number | undefined {
    const latest = this.#watched.latestStart(seconds);
    if (latest === undefined) return undefined;
    let users = 0;
    for (const [name, user] of this.#users) {
      if (!this.#online.has(name) && unusedSince(user) <= latest) users++;
    }
    return users;
  }

  /**
   * Returns a function that tells by name which users `unusedUsers` counts. It is faster than `unusedFor` of
   * each user, and stays as it is when a later pass is counted. Absent until the instance was watched for so
   * long.
   */
  unusedTest(seconds: number): ((name: string) => boolean) | undefined {
    const latest = this.#watched.latestStart(seconds);
    if (latest === undefined) return undefined;
    const { times } = this;
    const online = this.#online;
    return (name) => {
      const user = times.get(name);
      return user !== undefined && !online.has(name) && unusedSince(user) <= latest;
    };
  }

  /** Replaces all times after `now` by `now`. A user then counts as used lately rather than as unused. */
  #clockWentBack(now: number): void {
    this.#watched.clockWentBack(now);
    for (const [name, { firstSeen, lastOnline }] of [...this.#users]) {
      const last = lastOnline === undefined ? undefined : Math.min(lastOnline, now);
      this.#set(name, timesOf(Math.min(firstSeen, now), last));
    }
    this.#online = new Map(
      Array.from(this.#online, ([name, until]) => [name, Math.min(until, now)]),
    );
  }

  #set(name: string, times: UserTimes): void {
    this.#ownUsers().set(name, times);
  }

  /** The map of users, safe to change. */
  #ownUsers(): Map<string, UserTimes> {
    if (this.#isShared) this.#users = new Map(this.#users);
    this.#isShared = false;
    return this.#users;
  }
}

/** `lastOnline` of a user whom the pass that began at `begun` has found online. */
function moved(lastOnline: number | undefined, begun: number): number {
  return lastOnline === undefined || begun - lastOnline >= LAST_ONLINE_STEP ? begun : lastOnline;
}

function timesOf(firstSeen: number, lastOnline: number | undefined): UserTimes {
  return lastOnline === undefined ? { firstSeen } : { firstSeen, lastOnline };
}

/** Since when a user who is offline was not seen online. */
function unusedSince({ firstSeen, lastOnline }: UserTimes): number {
  return lastOnline ?? firstSeen;
}

/** Can be read several times, and stays as it is when a later pass is counted. */
function presences(
  times: ReadonlyMap<string, UserTimes>,
  online: ReadonlyMap<string, number>,
): PresenceData['users'] {
  return {
    *[Symbol.iterator]() {
      for (const [name, user] of times) {
        const onlineUntil = online.get(name);
        yield [name, onlineUntil === undefined ? user : { ...user, onlineUntil }] as const;
      }
    },
  };
}
