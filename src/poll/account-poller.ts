import type { Clock } from '../clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Log } from '../log.ts';
import { ApiError } from '../model/api-error.ts';
import type { SkippedRegion } from '../model/region.ts';
import { ONLY_SHARD, type Shard } from '../model/shard.ts';
import { STAGES } from '../model/stage.ts';
import { Lists } from '../smartag/lists/lists.ts';
import type { Client } from '../smartag/operation.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';
import { describeSmartAccessGateways } from '../smartag/operations/describe-smart-access-gateways.ts';
import { chooseRegions, describeSkipped, unresolvedReason } from '../smartag/region-marks.ts';
import { HOME_REGION } from '../smartag/transport/endpoints.ts';
import { AccountGate } from './account-gate.ts';
import { FailureLog } from './failure-log.ts';
import { Fallbacks } from './fallbacks.ts';
import { linkedSignal, sharedController } from './linked-signal.ts';
import type { AccountSettings, PollSettings } from './settings.ts';
import { runStage, type StageSchedule } from './stage-runner.ts';
import { discoveryPass, matcher } from './stages/discovery.ts';
import type { PollContext } from './stages/polled-stage.ts';
import { expireZeroTotal } from './strategies/zero-total.ts';
import { Totals } from './totals.ts';
import { WatchedInstances } from './watched-instances.ts';

/** Maximum number of regions to discover in, because an API that is out of order may list any number. */
const MOST_REGIONS = 100;

export interface AccountPollerOptions {
  readonly account: AccountSettings;
  readonly settings: PollSettings;
  /** The shard whose instances are polled. @default all instances */
  readonly shard?: Shard | undefined;
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
  readonly #running = new Set<Promise<void>>();
  /** Ids of the regions in which discovery runs. */
  readonly #discovering = new Set<string>();
  #loggedRegions = '';
  readonly #loggedUnresolved = new Set<string>();

  constructor(options: AccountPollerOptions) {
    this.#options = options;
    const { account, settings, client, clock, fleet, log } = options;
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
    const totals = new Totals({ client, clock, fallbacks, stopping: this.#stopping.signal });
    const lists = new Lists(client);
    const beginning = clock.monotonic();
    this.#context = {
      beginning,
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
  }

  /**
   * Starts polling. Configured instances, and those that earlier polling left in the fleet, are polled at once
   * without waiting for discovery.
   */
  start(): void {
    const { account, fleet } = this.#options;
    const record = fleet.account(account.name);
    delete record.paused;
    record.fallbacks = [];
    record.skippedRegions.clear();
    for (const { id: instanceId, region: regionId, usersLimit } of account.instances) {
      this.#watched.configured({ account: account.name, regionId, instanceId }, usersLimit);
    }
    const regions = new Set(account.instances.map(({ region }) => region));
    if (account.discovery) for (const region of account.regions) regions.add(region);
    this.#takeOver(regions);
    for (const region of regions) this.#discoverIn(region);
    if (account.discovery && account.regions.length === 0) this.#run(this.#findRegions());
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

  /** Reads the list of regions at each discovery interval, since the cloud opens new regions now and then. */
  async #findRegions(): Promise<void> {
    const { account, fleet, client, log, settings } = this.#options;
    const record = fleet.account(account.name);
    record.regionsPending = true;
    const discovery = fleet.region(account.name, '', settings.discoveryInterval);
    await runStage(
      {
        stage: 'discovery',
        record: discovery.discovery,
        run: async (signal) => {
          try {
            const regions = await client.call(describeRegions, { regionId: HOME_REGION }, signal);
            const { taken, skipped } = chooseRegions(regions);
            this.#noteRegions(taken, skipped);
            for (const region of taken) this.#discoverIn(region);
          } finally {
            record.regionsPending = false;
          }
        },
        log: log.child({ account: account.name }),
      },
      this.#discoverySchedule(),
      this.#stopping.signal,
    );
  }

  /** Stores the skipped regions, and logs the list of regions when it has changed. */
  #noteRegions(taken: readonly string[], skipped: readonly SkippedRegion[]): void {
    const { account, fleet, log } = this.#options;
    const { skippedRegions } = fleet.account(account.name);
    skippedRegions.clear();
    for (const region of skipped) skippedRegions.set(region.regionId, region);
    const summary = JSON.stringify([taken, skipped]);
    if (summary === this.#loggedRegions) return;
    this.#loggedRegions = summary;
    const rest = skipped.length > 0 ? `; skipped: ${skipped.map(describeSkipped).join('; ')}` : '';
    log.info(
      { account: account.name, found: taken, skipped },
      `regions found: ${taken.join(', ') || 'none'}${rest}`,
    );
  }

  /** Skips a listed region whose endpoint does not exist. The next list of regions may bring it back. */
  #skipUnresolved(regionId: string): void {
    const { account, fleet, log } = this.#options;
    this.#discovering.delete(regionId);
    const region = fleet.regionsOf(account.name).find((record) => record.regionId === regionId);
    if (region) fleet.removeRegion(region);
    const skipped = { regionId, name: '', reason: unresolvedReason(regionId) };
    fleet.account(account.name).skippedRegions.set(regionId, skipped);
    if (this.#loggedUnresolved.has(regionId)) return;
    this.#loggedUnresolved.add(regionId);
    log.info(
      { account: account.name, region: regionId },
      `the region is skipped: ${skipped.reason}`,
    );
  }

  #discoverIn(regionId: string): void {
    if (this.#discovering.has(regionId) || this.#discovering.size >= MOST_REGIONS) return;
    this.#discovering.add(regionId);
    const { account, fleet, log, settings } = this.#options;
    const { discovery } = fleet.region(account.name, regionId, settings.discoveryInterval);
    const discovers =
      account.discovery && (account.regions.length === 0 || account.regions.includes(regionId));
    const isNamed =
      account.regions.includes(regionId) ||
      account.instances.some(({ region }) => region === regionId);
    const skipping = new AbortController();
    const { signal: stop, unlink } = linkedSignal(this.#stopping.signal, skipping.signal);
    this.#run(
      runStage(
        {
          stage: 'discovery',
          record: discovery,
          run: async (signal) => {
            const { lists } = this.#context;
            const isTrial = !isNamed && discovery.lastSuccess === undefined;
            const others = this.#watched.countOutside(regionId);
            try {
              const known = this.#watched.knownIn(regionId);
              const options = { lists, regionId, discovers, others, known, isTrial };
              this.#watched.discovered(regionId, await discoveryPass(account, options, signal));
            } catch (error) {
              const isUnresolved = error instanceof ApiError && error.isUnresolved;
              if (isTrial && isUnresolved) skipping.abort(error);
              throw error;
            } finally {
              // The operations are tried again even after a failed discovery, because the permission for one
              // of them may have changed.
              this.#context.fallbacks.retry(regionId);
              for (const { id, evidence } of fleet.instancesOf(account.name)) {
                if (id.regionId === regionId) expireZeroTotal(evidence);
              }
            }
          },
          log: log.child({ account: account.name, region: regionId }),
        },
        this.#discoverySchedule(),
        stop,
      ).finally(() => {
        unlink();
        if (skipping.signal.aborted && !this.#stopping.signal.aborted) {
          this.#skipUnresolved(regionId);
        }
      }),
    );
  }

  #discoverySchedule(): StageSchedule {
    const { clock, settings } = this.#options;
    const { gate, failureLog } = this.#context;
    return {
      clock,
      gate,
      failureLog,
      interval: settings.discoveryInterval,
      setting: STAGES.discovery.setting,
    };
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
