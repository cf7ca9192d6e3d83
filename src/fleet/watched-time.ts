import { HOUR, SECOND } from '../clock.ts';

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

/** The contents of a WatchedTime as plain data. */
export interface WatchedTimeData {
  readonly watchedSince: number;
  readonly countedAt: number;
  readonly gaps: readonly Gap[];
}

/** The time for which the online users of an instance were counted. All times are seconds since the epoch. */
export class WatchedTime {
  #since: number | undefined;
  /** The newest complete pass. */
  #countedAt: number | undefined;
  /** In order of time, without overlaps. */
  #gaps: Gap[] = [];
  /** Seconds without a complete pass after which a user may have been online unnoticed. */
  #patience = LONGEST_UNWATCHED;

  constructor(data?: WatchedTimeData) {
    if (!data) return;
    this.#since = data.watchedSince;
    this.#countedAt = data.countedAt;
    this.#gaps = [...data.gaps];
  }

  /** The first complete online pass; absent before it. */
  get since(): number | undefined {
    return this.#since;
  }

  /** The newest complete online pass; absent before the first. */
  get countedAt(): number | undefined {
    return this.#countedAt;
  }

  /** Absent before the first complete online pass. */
  get data(): WatchedTimeData | undefined {
    if (this.#since === undefined || this.#countedAt === undefined) return undefined;
    return { watchedSince: this.#since, countedAt: this.#countedAt, gaps: this.#gaps };
  }

  /**
   * Notes a pass.
   *
   * @param begun the beginning of the pass
   * @param isComplete whether the pass has counted every user
   * @param pace seconds from the beginning of this pass to that of the next, if nothing fails
   */
  counted(begun: number, isComplete: boolean, pace: number): void {
    const patience = Math.max(LONGEST_UNWATCHED, 2 * pace);
    if (isComplete) {
      // The first pass of a process does not know the pace of the earlier process, so its own pace counts too.
      this.#patience = Math.max(this.#patience, patience);
      this.#since ??= begun;
      this.#gaps = this.#gapsUntil(begun);
      if (this.#gaps.length > MOST_GAPS) this.#joinNearestGaps();
      this.#countedAt = begun;
    }
    this.#patience = patience;
  }

  /** Adds what another process has recorded. Of the time that both have watched, the gaps of this one count. */
  include(other: WatchedTimeData): void {
    if (this.#since === undefined || this.#countedAt === undefined) {
      this.#since = other.watchedSince;
      this.#countedAt = other.countedAt;
      this.#gaps = [...other.gaps];
      return;
    }
    if (other.watchedSince >= this.#since) return;
    const end = Math.min(other.countedAt, this.#since);
    const earlier = other.gaps
      .filter(({ from }) => from < end)
      .map(({ from, to }) => ({ from, to: Math.min(to, end) }));
    if (this.#since - end > this.#patience) earlier.push({ from: end, to: this.#since });
    this.#gaps = [...earlier, ...this.#gaps];
    while (this.#gaps.length > MOST_GAPS) this.#joinNearestGaps();
    this.#since = other.watchedSince;
  }

  /** Seconds between two times, without the gaps. */
  between(from: number, to: number): number {
    let unwatched = 0;
    for (const gap of this.#gapsUntil(to)) {
      unwatched += Math.max(0, gap.to - Math.max(gap.from, from));
    }
    return Math.max(0, to - from - unwatched);
  }

  /**
   * The latest moment from which, until the newest complete pass, the instance was watched for `seconds`. Absent
   * when there is none.
   */
  latestStart(seconds: number): number | undefined {
    if (this.#since === undefined || this.#countedAt === undefined) return undefined;
    let left = seconds;
    let end = this.#countedAt;
    for (const gap of this.#gaps.toReversed()) {
      if (end - gap.to >= left) break;
      left -= end - gap.to;
      end = gap.from;
    }
    const start = end - left;
    return start < this.#since ? undefined : start;
  }

  /** Replaces all times after `now` by `now`. */
  clockWentBack(now: number): void {
    if (this.#since !== undefined) this.#since = Math.min(this.#since, now);
    this.#countedAt = now;
    this.#gaps = this.#gaps
      .filter((gap) => gap.from < now)
      .map((gap) => ({ from: gap.from, to: Math.min(gap.to, now) }));
  }

  /** The gaps, including the time since the newest complete pass if that is long enough to be a gap. */
  #gapsUntil(now: number): Gap[] {
    const from = this.#countedAt ?? now;
    return now - from > this.#patience ? [...this.#gaps, { from, to: now }] : [...this.#gaps];
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
}
