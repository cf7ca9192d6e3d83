import type { Clock } from '../clock.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Log } from '../log.ts';
import { ApiError } from '../model/api-error.ts';
import type { SkippedRegion } from '../model/region.ts';
import { STAGES } from '../model/stage.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';
import { chooseRegions, describeSkipped, unresolvedReason } from '../smartag/region-marks.ts';
import { HOME_REGION } from '../smartag/transport/endpoints.ts';
import { linkedSignal } from './linked-signal.ts';
import type { AccountSettings, PollSettings } from './settings.ts';
import { runStage, type StageSchedule } from './stage-runner.ts';
import { discoveryPass } from './stages/discovery.ts';
import type { PollContext } from './stages/polled-stage.ts';
import { expireZeroTotal } from './strategies/zero-total.ts';
import type { WatchedInstances } from './watched-instances.ts';

/** Maximum number of regions to discover in, because an API that is out of order may list any number. */
const MOST_REGIONS = 100;

export interface DiscoveredRegionsOptions {
  readonly account: AccountSettings;
  readonly settings: PollSettings;
  readonly context: PollContext;
  readonly watched: WatchedInstances;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with a promise for each region. It resolves when discovery in the region has ended. */
  readonly onPolling: (polling: Promise<void>) => void;
}

/** Finds the regions of an account, and the instances in each of them. */
export class DiscoveredRegions {
  readonly #options: DiscoveredRegionsOptions;
  readonly #stopping: AbortSignal;
  /** Ids of the regions in which discovery runs. */
  readonly #discovering = new Set<string>();
  #loggedRegions = '';
  readonly #loggedUnresolved = new Set<string>();

  /** @param stopping ends discovery in all regions */
  constructor(options: DiscoveredRegionsOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  /** Reads the list of regions at each discovery interval, since the cloud opens new regions now and then. */
  async find(): Promise<void> {
    const { account, fleet, context, log, settings } = this.#options;
    const record = fleet.account(account.name);
    const { discovery } = fleet.region(account.name, '', settings.discoveryInterval);
    // After a restart, the regions of the list are known from the earlier process.
    record.regionsPending = discovery.ended === 'never';
    await runStage(
      {
        stage: 'discovery',
        record: discovery,
        run: async (signal) => {
          try {
            const regions = await context.client.call(
              describeRegions,
              { regionId: HOME_REGION },
              signal,
            );
            const { taken, skipped } = chooseRegions(regions);
            this.#noteRegions(taken, skipped);
            for (const region of taken) this.discoverIn(region);
          } finally {
            record.regionsPending = false;
          }
        },
        log: log.child({ account: account.name }),
      },
      this.#discoverySchedule(),
      this.#stopping,
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
    const reason = unresolvedReason(regionId);
    const skipped: SkippedRegion = { regionId, name: '', reason, cause: 'unresolved' };
    fleet.account(account.name).skippedRegions.set(regionId, skipped);
    if (this.#loggedUnresolved.has(regionId)) return;
    this.#loggedUnresolved.add(regionId);
    log.info(
      { account: account.name, region: regionId },
      `the region is skipped: ${skipped.reason}`,
    );
  }

  /** Runs discovery in a region, unless it runs there already. */
  discoverIn(regionId: string): void {
    if (this.#discovering.has(regionId) || this.#discovering.size >= MOST_REGIONS) return;
    this.#discovering.add(regionId);
    const { account, context, fleet, log, settings, watched, onPolling } = this.#options;
    const { discovery } = fleet.region(account.name, regionId, settings.discoveryInterval);
    const discovers =
      account.discovery && (account.regions.length === 0 || account.regions.includes(regionId));
    const isNamed =
      account.regions.includes(regionId) ||
      account.instances.some(({ region }) => region === regionId);
    const skipping = new AbortController();
    const { signal: stop, unlink } = linkedSignal(this.#stopping, skipping.signal);
    onPolling(
      runStage(
        {
          stage: 'discovery',
          record: discovery,
          run: async (signal) => {
            const { lists } = context;
            const isTrial = !isNamed && discovery.lastSuccess === undefined;
            const others = watched.countOutside(regionId);
            try {
              const known = watched.knownIn(regionId);
              const options = { lists, regionId, discovers, others, known, isTrial };
              watched.discovered(regionId, await discoveryPass(account, options, signal));
            } catch (error) {
              const isUnresolved = error instanceof ApiError && error.isUnresolved;
              if (isTrial && isUnresolved) skipping.abort(error);
              throw error;
            } finally {
              // The operations are tried again even after a failed discovery, because the permission for one
              // of them may have changed.
              context.fallbacks.retry(regionId);
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
        if (skipping.signal.aborted && !this.#stopping.aborted) {
          this.#skipUnresolved(regionId);
        }
      }),
    );
  }

  #discoverySchedule(): StageSchedule {
    const { clock, context, settings } = this.#options;
    const { gate, failureLog } = context;
    return {
      clock,
      gate,
      failureLog,
      interval: settings.discoveryInterval,
      setting: STAGES.discovery.setting,
    };
  }
}
