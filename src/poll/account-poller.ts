import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { StoredTimes } from '../fleet/stored-times.ts';
import type { Log } from '../log.ts';
import type { ApiError } from '../model/api-error.ts';
import type { LearnedByPoller } from '../model/learned.ts';
import { ONLY_SHARD, type Shard } from '../model/shard.ts';
import { Lists } from '../smartag/lists/lists.ts';
import type { Client } from '../smartag/operation.ts';
import { describeSmartAccessGateways } from '../smartag/operations/describe-smart-access-gateways.ts';
import { HOME_REGION } from '../smartag/transport/endpoints.ts';
import { AccountGate } from './account-gate.ts';
import { DiscoveredRegions } from './discovered-regions.ts';
import { FailureLog } from './failure-log.ts';
import { Fallbacks, mayFallBack } from './fallbacks.ts';
import { sharedController } from './linked-signal.ts';
import type { AccountSettings, PollSettings } from './settings.ts';
import { matcher } from './stages/discovery.ts';
import type { PollContext } from './stages/polled-stage.ts';
import { Totals } from './totals.ts';
import { WatchedInstances } from './watched-instances.ts';

export interface AccountPollerOptions {
  readonly account: AccountSettings;
  readonly settings: PollSettings;
  /** The shard whose instances are polled. @default all instances */
  readonly shard?: Shard | undefined;
  /** What an earlier process has learned. @default nothing */
  readonly learned?: LearnedByPoller | undefined;
  readonly client: Client;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
}

export class AccountPoller {
  readonly #options: AccountPollerOptions;
  readonly #context: PollContext;
  readonly #stopping = sharedController();
  readonly #watched: WatchedInstances;
  readonly #regions: DiscoveredRegions;
  readonly #running = new Set<Promise<void>>();
  /** What an earlier process has learned of the same server. */
  readonly #known: LearnedByPoller | undefined;

  constructor(options: AccountPollerOptions) {
    this.#options = options;
    const { account, settings, client, clock, fleet, log, learned } = options;
    const known = learned?.endpoint === account.endpoint ? learned : undefined;
    this.#known = known;
    const regionId = account.regions[0] ?? account.instances[0]?.region ?? HOME_REGION;
    const gate = new AccountGate(
      {
        clock,
        probe: (signal) =>
          client.call(
            describeSmartAccessGateways,
            { regionId, pageNumber: 1, pageSize: 1 },
            signal,
          ),
        onPause: (error) => this.#pause(error),
        onResume: () => this.#resume(),
      },
      this.#stopping.signal,
    );
    const failureLog = new FailureLog(clock, log.child({ account: account.name }));
    const fallbacks = new Fallbacks({
      onBegin: (fallback, error) => failureLog.fallbackBegan(fallback, error),
      onEnd: (fallback) => failureLog.fallbackEnded(fallback),
      onChange: (all) => {
        fleet.account(account.name).fallbacks = all;
      },
    });
    const areRight = known?.areTotalsRight;
    const totals = new Totals({
      client,
      clock,
      fallbacks,
      areRight,
      stopping: this.#stopping.signal,
    });
    const lists = new Lists(client, known?.userPaging);
    const inStepWith = known && new StoredTimes(clock).toMonotonic(known.inStepWith);
    this.#context = {
      inStepWith: inStepWith ?? clock.monotonic(),
      clock,
      client,
      fleet,
      lists,
      totals,
      fallbacks,
      gate,
      failureLog,
      settings,
    };
    this.#watched = new WatchedInstances(
      {
        ...options,
        account: account.name,
        shard: options.shard ?? ONLY_SHARD,
        context: this.#context,
        onPolling: (polling) => this.#run(polling),
      },
      this.#stopping.signal,
    );
    this.#regions = new DiscoveredRegions(
      {
        ...options,
        context: this.#context,
        watched: this.#watched,
        onPolling: (polling) => this.#run(polling),
      },
      this.#stopping.signal,
    );
  }

  /** What was learned so far, for the next process. */
  get learned(): LearnedByPoller {
    const { account, clock, fleet } = this.#options;
    const { fallbacks, inStepWith, lists, totals } = this.#context;
    const { skippedRegions, userCount } = fleet.account(account.name);
    return {
      ...(account.endpoint !== undefined && { endpoint: account.endpoint }),
      userPaging: lists.userPaging,
      areTotalsRight: totals.proof.areRight,
      isUserCountUsers: userCount.isUsers,
      fallbacks: fallbacks.all,
      skippedRegions: [...skippedRegions.values()],
      inStepWith: new StoredTimes(clock).toStored(inStepWith),
      discoveredWith: this.#discoveredWith,
    };
  }

  /** A hash of the settings that decide which instances discovery finds. */
  get #discoveredWith(): string {
    const { account, shard = ONLY_SHARD } = this.#options;
    const { endpoint, regions, discovery, instances, include, exclude } = account;
    const ids = instances.map(({ id, region }) => [id, region]);
    const decisive = [
      endpoint,
      regions,
      discovery,
      ids,
      include,
      exclude,
      shard.index,
      shard.total,
    ];
    return createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
  }

  /**
   * Starts polling. Configured instances, and those that earlier polling left in the fleet, are polled at once
   * without waiting for discovery.
   */
  start(): void {
    const { account, fleet } = this.#options;
    const record = fleet.account(account.name);
    delete record.paused;
    record.skippedRegions.clear();
    for (const region of this.#known?.skippedRegions ?? []) {
      record.skippedRegions.set(region.regionId, region);
    }
    if (this.#known?.isUserCountUsers) record.userCount.isUsers = true;
    if (this.#known?.discoveredWith !== this.#discoveredWith) {
      for (const { discovery } of fleet.regionsOf(account.name)) discovery.expire();
    }
    for (const { id: instanceId, region: regionId, usersLimit } of account.instances) {
      this.#watched.configured({ account: account.name, regionId, instanceId }, usersLimit);
    }
    const regions = new Set(account.instances.map(({ region }) => region));
    if (account.discovery) for (const region of account.regions) regions.add(region);
    this.#takeOver(regions);
    this.#restoreFallbacks(regions);
    for (const region of regions) this.#regions.discoverIn(region);
    if (account.discovery && account.regions.length === 0) this.#run(this.#regions.find());
  }

  /** Goes on with the fallbacks that the strategy uses, in the regions and for the instances that are polled. */
  #restoreFallbacks(regions: ReadonlySet<string>): void {
    const { account, fleet, settings } = this.#options;
    const wanted = this.#known?.fallbacks.filter(
      ({ operation, regionId, instanceId }) =>
        mayFallBack(settings.strategy, operation) &&
        regions.has(regionId) &&
        (instanceId === undefined ||
          fleet.instance({ account: account.name, regionId, instanceId }) !== undefined),
    );
    this.#context.fallbacks.restore(wanted ?? []);
  }

  /** Keeps the regions and instances that earlier polling left and that are still wanted; removes the others. */
  #takeOver(regions: Set<string>): void {
    const { account, fleet } = this.#options;
    const isAnywhere = account.discovery && account.regions.length === 0;
    for (const region of fleet.regionsOf(account.name)) {
      if (isAnywhere && region.regionId !== '') regions.add(region.regionId);
      else if (!isAnywhere && !regions.has(region.regionId)) fleet.removeRegion(region);
    }
    if (!isAnywhere) fleet.account(account.name).regionsPending = false;
    const matches = matcher(account);
    this.#watched.takeOver(
      ({ id, details }) =>
        account.discovery &&
        (isAnywhere || account.regions.includes(id.regionId)) &&
        matches({ id: id.instanceId, name: details?.name ?? '' }),
    );
  }

  /** Ends every pass and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #run(task: Promise<void>): void {
    this.#running.add(task);
    // A task rejects only because of a defect; the unhandled rejection then ends the process.
    void task.then(() => this.#running.delete(task));
  }

  #pause(error: ApiError): void {
    const { account, fleet } = this.#options;
    fleet.account(account.name).paused = error;
    this.#context.failureLog.pauses.paused(error);
  }

  #resume(): void {
    const { account, fleet } = this.#options;
    delete fleet.account(account.name).paused;
    this.#context.failureLog.pauses.resumed();
  }
}
