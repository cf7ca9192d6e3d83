import { type Clock, SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { restoreInstance, restoreRegion } from '../fleet/handover.ts';
import type { Log } from '../log.ts';
import type { SelfMetrics } from '../metrics/self-metrics.ts';
import type { UserNames } from '../metrics/user-names.ts';
import type { Learned } from '../model/learned.ts';
import { historyFolder } from '../storage/directory.ts';
import { History, type HistorySettings } from '../storage/history/history.ts';
import type { LoadedState } from '../storage/state/load-state.ts';
import type { StoredRegion } from '../storage/state/stored-account.ts';
import { Storage } from '../storage/storage.ts';

export interface PersistenceOptions {
  readonly path: string;
  readonly config: Config;
  readonly fleet: Fleet;
  readonly self: SelfMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** What was learned of the API of an account until now; undefined when the account is not polled. */
  readonly learnedOf: (account: string) => Learned | undefined;
}

/**
 * Keeps what is known over restarts: gives the fleet the state of an earlier process, writes the state of this
 * process, and records ended sessions.
 */
export class Persistence {
  readonly #options: PersistenceOptions;
  readonly #storage: Storage;
  readonly #history: History;
  /** By account. */
  readonly #learnedBefore = new Map<string, Learned>();
  #keepsMail = false;
  #historySettings: HistorySettings | undefined;
  #isHeld = false;

  constructor(options: PersistenceOptions) {
    const { path, fleet, clock, log, learnedOf } = options;
    this.#options = options;
    this.#history = new History({ directory: historyFolder(path), clock, log });
    fleet.onSessionsEnded((ended) => this.#history.add(ended));
    this.#storage = new Storage({
      path,
      clock,
      log,
      source: { fleet, learnedOf, keepsMail: () => this.#keepsMail },
      onHeld: (left, { isLate }) => this.#held(left, isLate),
      beforeWrite: () => this.#history.flush(),
      beforeRelease: () => this.#history.close(),
      onWritten: (at) => void this.#written(at),
      onFailed: () => options.self.notStored(),
    });
  }

  /** Gives the fleet what an earlier process has left about the accounts of the configuration. */
  async open(): Promise<void> {
    await this.#storage.open();
    if (this.#isHeld) await this.#measure();
  }

  /** Why not everything is kept at the moment; undefined when it is. */
  get problem(): string | undefined {
    return this.#storage.problem;
  }

  /** What an earlier process has learned of the API of an account. */
  learnedBefore(account: string): Learned | undefined {
    return this.#learnedBefore.get(account);
  }

  /** Puts a configuration into force. @param userNames how it shows user names */
  use({ history, metrics }: Config, userNames: UserNames): void {
    this.#keepsMail = metrics.userMail;
    this.#historySettings = history.enabled
      ? { keep: history.keep, shownName: userNames }
      : undefined;
    if (this.#isHeld) this.#history.use(this.#historySettings);
  }

  /** Begins to keep what changes. */
  start(): void {
    this.#storage.start();
  }

  /** Keeps the rest. The fleet must not change any more. */
  async stop(): Promise<void> {
    await this.#storage.stop();
  }

  #held(left: LoadedState, isLate: boolean): void {
    this.#isHeld = true;
    if (isLate) {
      this.#include(left);
    } else {
      this.#restore(left);
      // The metrics of the storage are there from the first scrape on.
      this.#options.self.stored(newestWrite(left));
    }
    this.#history.use(this.#historySettings);
  }

  #restore({ accounts, instances }: LoadedState): void {
    const { config, fleet, clock, log } = this.#options;
    const configured = new Set(config.accounts.map(({ name }) => name));
    const restored = instances.filter(({ id }) => configured.has(id.account));
    for (const instance of restored) restoreInstance(fleet, instance, clock);
    for (const { account, isUp, regions, learned } of accounts) {
      if (!configured.has(account)) continue;
      if (isUp !== undefined) fleet.account(account).up = isUp;
      if (learned) this.#learnedBefore.set(account, learned);
      for (const region of regions) if (isWhole(region, fleet)) restoreRegion(fleet, region, clock);
    }
    if (restored.length === 0) return;
    const writtenAt = Math.max(...restored.map((instance) => instance.writtenAt));
    log.info(
      { instances: restored.length, writtenAt: new Date(writtenAt * SECOND).toISOString() },
      'going on with the state of an earlier process',
    );
  }

  /**
   * Adds when users were online before this process began. Everything else that another process has left is older
   * than what this process knows.
   */
  #include({ instances }: LoadedState): void {
    for (const { id, presence } of instances) {
      if (presence) this.#options.fleet.includePresence(id, presence);
    }
  }

  async #written(at: number): Promise<void> {
    const { self } = this.#options;
    self.stored(at);
    await this.#measure();
  }

  async #measure(): Promise<void> {
    const history = await this.#history.size().catch(() => 0);
    this.#options.self.storageSized({ state: this.#storage.stateSize, history });
  }
}

/** Seconds since the epoch; undefined when there is no state. */
function newestWrite({ accounts, instances }: LoadedState): number | undefined {
  const times = [...accounts, ...instances].map(({ writtenAt }) => writtenAt);
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * Whether the fleet has every instance of a region. If the file of an instance is missing, the region must be
 * discovered at once, as if it had never been; otherwise the instance would be missing until the next discovery.
 */
function isWhole({ account, regionId, instanceIds }: StoredRegion, fleet: Fleet): boolean {
  return instanceIds.every(
    (instanceId) => fleet.instance({ account, regionId, instanceId }) !== undefined,
  );
}

export async function openPersistence(options: PersistenceOptions): Promise<Persistence> {
  const persistence = new Persistence(options);
  await persistence.open();
  return persistence;
}
