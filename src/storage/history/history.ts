import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../clock.ts';
import type { EndedSessions } from '../../fleet/fleet.ts';
import type { Log } from '../../log.ts';
import { dayOf } from './day-file.ts';
import { type EndedSession, keyOf, type ShownName } from './ended-session.ts';
import { HistoryWriter } from './history-writer.ts';
import { newestSessions } from './newest-sessions.ts';
import { Trouble } from './trouble.ts';
import { WaitingSessions } from './waiting-sessions.ts';

export interface HistoryOptions {
  /** No other process may write to it. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** How the configuration wants the history. */
export interface HistorySettings {
  /** Milliseconds that a day is kept after it has ended. */
  readonly keep: number;
  readonly shownName: ShownName;
}

/** Sessions that end within this time are written together. */
const WRITE_DELAY = 3 * SECOND;

/** Milliseconds to the next attempt after a write has failed. */
const RETRY_DELAY = 30 * SECOND;

/**
 * Maximum number of milliseconds between two checks of whether a new day has begun. A timer until midnight alone
 * would be late after the machine has slept or its clock was set.
 */
const DAY_CHECK = 15 * MINUTE;

/** Sessions written at once. To serialise and to hash them takes a few milliseconds. */
const BATCH = 500;

/**
 * Maximum number of sessions that wait while they cannot be written. They take 20 MB, and are the sessions of
 * a day of 30,000 users who log in three times.
 */
const MOST_WAITING = 100_000;

/**
 * Milliseconds after the start during which a session may be found to have ended that the earlier process has
 * written already. The first passes find it, if that process was killed before it wrote the state anew.
 */
const OVERLAP = HOUR;

/**
 * Milliseconds before the newest end in the history. The state is written more often, so it has no open session
 * whose end was written before that.
 */
const STATE_LAG = 10 * MINUTE;

/** Writes the sessions that end to history files, while the configuration wants a history. */
export class History {
  readonly #options: HistoryOptions;
  readonly #writer: HistoryWriter;
  readonly #waiting = new WaitingSessions(MOST_WAITING);
  readonly #writing: Trouble;
  readonly #deleting: Trouble;
  #settings: HistorySettings | undefined;
  /** Keys of sessions that an earlier process has written last, and when they no longer count. */
  #earlier: { readonly keys: ReadonlySet<string>; readonly until: number } | undefined;
  /** The day whose file was created last. */
  #day: string | undefined;
  /** The newest task. Tasks that use the files run one after another. */
  #newestTask: Promise<unknown> = Promise.resolve();
  /** Present from the time a write is planned until it has ended. */
  #cancelWrite: (() => void) | undefined;
  #cancelDayCheck = (): void => {};

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#writer = new HistoryWriter(options.directory);
    const log = options.log.child({ directory: options.directory });
    this.#writing = new Trouble(log, {
      begins: `the history cannot be written: up to ${MOST_WAITING.toLocaleString('en')} ended sessions wait in memory until it can`,
      ends: 'the history is written again',
    });
    this.#deleting = new Trouble(log, {
      begins: 'days of the history that are older than history.keep cannot be deleted',
      ends: 'old days of the history are deleted again',
    });
  }

  /**
   * Puts settings into force. Sessions that wait are written with the new settings. Failures are logged, and
   * what failed is tried again later.
   *
   * @param settings undefined for no history: then nothing is written or deleted, and the files stay
   */
  use(settings: HistorySettings | undefined): void {
    const before = this.#settings;
    this.#settings = settings;
    if (!settings) {
      if (before) void this.#end(before);
      return;
    }
    if (!before) this.#begin();
    this.#day = undefined;
    this.#checkDay();
  }

  /** Notes sessions that have ended. They are written soon after. */
  add(ended: EndedSessions): void {
    if (!this.#settings) return;
    const hadLost = this.#waiting.hasLost;
    this.#waiting.add(ended);
    if (this.#waiting.hasLost && !hadLost) {
      this.#options.log.error(
        { sessions: this.#waiting.size },
        'the history still cannot be written: further ended sessions are lost',
      );
    }
    this.#writeAfter(this.#writing.lasts ? RETRY_DELAY : WRITE_DELAY);
  }

  /**
   * Writes the sessions that wait. The state must not be written without them before this has succeeded.
   *
   * @throws Error with the system's code; the sessions go on waiting
   */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settings) await this.#write(this.#settings);
    });
  }

  /** The bytes of all files. @throws Error with the system's code */
  size(): Promise<number> {
    return this.#writer.size();
  }

  /** Writes the sessions that wait, if possible, and closes the files. */
  async close(): Promise<void> {
    const settings = this.#settings;
    this.#settings = undefined;
    if (settings) await this.#end(settings);
  }

  #begin(): void {
    const { clock, directory } = this.#options;
    void this.#inTurn(() =>
      this.#writing.attempt(async () => {
        await this.#writer.repair();
        // Without them, at worst a session is written twice.
        const newest = await newestSessions(directory).catch(() => []);
        this.#earlier = { keys: latestKeys(newest), until: clock.now() + OVERLAP };
      }),
    ).catch(() => {});
  }

  #end(settings: HistorySettings): Promise<void> {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    this.#cancelDayCheck();
    return this.#inTurn(async () => {
      await this.#write(settings).catch(() => {});
      // A reload may have begun the history again.
      if (this.#settings) return;
      this.#waiting.loseAll();
      this.#logLoss();
      await this.#writer.close().catch(() => {});
    });
  }

  /** Begins the file of each new day, and deletes the files that are too old. */
  #checkDay(): void {
    const { clock } = this.#options;
    this.#cancelDayCheck();
    const toMidnight = DAY - (clock.now() % DAY);
    this.#cancelDayCheck = clock.after(Math.min(DAY_CHECK, toMidnight), () => this.#checkDay());
    const day = dayOf(clock.now());
    if (day === this.#day) return;
    void this.#inTurn(async () => {
      const settings = this.#settings;
      if (!settings) return;
      await this.#writing.attempt(() => this.#writer.begin(day));
      await this.#deleting.attempt(() => this.#writer.prune(clock.now(), settings.keep));
      this.#day = day;
    }).catch(() => {});
  }

  async #write({ shownName }: HistorySettings): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#waiting.first(BATCH, shownName);
      const fresh = batch.filter((session) => !this.#wasWrittenEarlier(keyOf(session)));
      await this.#writing.attempt(async () => {
        const { written, failure } = await this.#writer.append(fresh);
        const [firstLeft] = fresh.slice(written);
        this.#waiting.removeFirst(firstLeft ? batch.indexOf(firstLeft) : batch.length);
        if (failure !== undefined) throw failure;
      });
    }
    this.#logLoss();
  }

  #wasWrittenEarlier(key: string): boolean {
    if (this.#earlier && this.#options.clock.now() > this.#earlier.until) this.#earlier = undefined;
    return this.#earlier?.keys.has(key) ?? false;
  }

  #logLoss(): void {
    const loss = this.#waiting.takeLoss();
    if (loss)
      this.#options.log.error(loss, 'the history lacks ended sessions that could not be written');
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#newestTask.then(task);
    this.#newestTask = result.catch(() => {});
    return result;
  }

  #writeAfter(delay: number): void {
    if (!this.#settings || this.#cancelWrite) return;
    const next = (delayToNext: number): void => {
      this.#cancelWrite = undefined;
      if (this.#waiting.size > 0) this.#writeAfter(delayToNext);
    };
    this.#cancelWrite = this.#options.clock.after(delay, () => {
      this.flush().then(
        () => next(WRITE_DELAY),
        () => next(RETRY_DELAY),
      );
    });
  }
}

/** The keys of the sessions that the state may still have as open, although they have ended. */
function latestKeys(newest: readonly EndedSession[]): ReadonlySet<string> {
  const ends = newest.map(({ ended_at }) => Date.parse(ended_at));
  const since = ends.reduce((latest, end) => Math.max(latest, end), 0) - STATE_LAG;
  return new Set(newest.filter((_, at) => (ends[at] ?? 0) >= since).map(keyOf));
}
