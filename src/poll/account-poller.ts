import type { Clock } from '../clock.ts';
import type { Fleet, InstanceRecord, StageIntervals } from '../fleet/fleet.ts';
import type { Log } from '../log.ts';
import type { ApiError } from '../model/api-error.ts';
import type { InstanceId } from '../model/instance.ts';
import { ONLY_SHARD, type Shard } from '../model/shard.ts';
import { HOME_REGION, REGIONS } from '../smartag/endpoints.ts';
import { Lists } from '../smartag/lists.ts';
import type { Client } from '../smartag/operation.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';
import { describeSmartAccessGateways } from '../smartag/operations/describe-smart-access-gateways.ts';
import { AccountGate } from './account-gate.ts';
import { BATCHED, Fallbacks } from './fallbacks.ts';
import { type PollContext, pollInstance } from './instance-poller.ts';
import { linkedSignal, sharedController } from './linked-signal.ts';
import type { AccountSettings, PollSettings } from './settings.ts';
import { owns } from './shard-owner.ts';
import { runStage, type StageSchedule } from './stage-runner.ts';
import { type Discovered, discoveryPass, matcher } from './stages/discovery.ts';
import { Totals } from './totals.ts';
import { TroubleLog } from './trouble-log.ts';

/** Each region is asked for its instances again and again: an endless list of them must not be. */
const MOST_REGIONS = 100;

/** What polling an account needs. */
export interface AccountPollerOptions {
  readonly account: AccountSettings;
  readonly settings: PollSettings;
  /** Whose instances are polled. @default everybody's */
  readonly shard?: Shard | undefined;
  readonly client: Client;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
}

/** Polls one account: discovers its instances, and polls each of the shard's while it exists. */
export class AccountPoller {
  readonly #options: AccountPollerOptions;
  readonly #context: PollContext;
  readonly #stopping = sharedController();
  readonly #intervals: StageIntervals;

  /** What runs until the account stops. */
  readonly #running = new Set<Promise<void>>();
  /** What ends the polling of an instance that is gone. */
  readonly #watched = new Map<InstanceRecord, AbortController>();
  readonly #discovering = new Set<string>();

  constructor(options: AccountPollerOptions) {
    this.#options = options;
    const { account, settings, client, clock, fleet, log } = options;
    this.#intervals = {
      users: settings.usersInterval,
      online: settings.onlineInterval,
      // A sessions pass follows each online pass.
      sessions: settings.onlineInterval,
      ...(settings.traffic.enabled && { traffic: settings.traffic.interval }),
    };
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
    const troubles = new TroubleLog(clock, log.child({ account: account.name }));
    const fallbacks = new Fallbacks({
      onFallback: (place, error) => troubles.doneWithout(place, error),
      onChange: () => this.#noteFallbacks(),
    });
    const totals = new Totals(client, clock, this.#stopping.signal);
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
      troubles,
      settings,
    };
  }

  /**
   * Begins; configured instances are polled at once, without waiting for discovery, as are those that
   * the fleet knows from a polling before.
   */
  start(): void {
    const { account, fleet } = this.#options;
    delete fleet.account(account.name).paused;
    this.#noteFallbacks();
    for (const { id: instanceId, region: regionId, usersLimit } of account.instances) {
      const id = { account: account.name, regionId, instanceId };
      if (this.#owns(id)) this.#watch(id, { configured: true, configuredLimit: usersLimit });
    }
    const regions = new Set(account.instances.map(({ region }) => region));
    if (account.discovery) for (const region of account.regions) regions.add(region);
    this.#takeOver(regions);
    for (const region of regions) this.#discoverIn(region);
    if (account.discovery && account.regions.length === 0) this.#run(this.#findRegions());
  }

  /** Goes on with what another polling of the account left behind, and forgets what is not wanted. */
  #takeOver(regions: Set<string>): void {
    const { account, fleet } = this.#options;
    const isAnywhere = account.discovery && account.regions.length === 0;
    for (const region of fleet.regionsOf(account.name)) {
      if (isAnywhere && region.regionId !== '') regions.add(region.regionId);
      else if (!isAnywhere && !regions.has(region.regionId)) fleet.removeRegion(region);
    }
    if (!isAnywhere) fleet.account(account.name).regionsPending = false;
    const matches = matcher(account);
    for (const record of fleet.instancesOf(account.name)) {
      if (this.#watched.has(record)) continue;
      const { instanceId, regionId } = record.id;
      const mayBeFound =
        account.discovery &&
        this.#owns(record.id) &&
        (isAnywhere || account.regions.includes(regionId)) &&
        matches({ id: instanceId, name: record.details?.name ?? '' });
      if (mayBeFound) this.#watch(record.id, { configured: false });
      else fleet.removeInstance(record.id);
    }
  }

  /** Ends every pass and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #run(task: Promise<void>): void {
    this.#running.add(task);
    // A task rejects only for a defect, which must end the process, not be waited for.
    void task.then(() => this.#running.delete(task));
  }

  /** Looks again at each discovery interval: regions are opened now and then. */
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
            const reachable = regions.filter(
              (region) => account.endpoint !== undefined || REGIONS.has(region),
            );
            for (const region of reachable) this.#discoverIn(region);
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

  #discoverIn(regionId: string): void {
    if (this.#discovering.has(regionId) || this.#discovering.size >= MOST_REGIONS) return;
    this.#discovering.add(regionId);
    const { account, fleet, log, settings } = this.#options;
    const { discovery } = fleet.region(account.name, regionId, settings.discoveryInterval);
    const discovers =
      account.discovery && (account.regions.length === 0 || account.regions.includes(regionId));
    this.#run(
      runStage(
        {
          stage: 'discovery',
          record: discovery,
          run: async (signal) => {
            const { lists } = this.#context;
            const others = [...this.#watched.keys()].filter(
              ({ id }) => id.regionId !== regionId,
            ).length;
            try {
              const options = { lists, regionId, discovers, others };
              this.#discovered(regionId, await discoveryPass(account, options, signal));
            } finally {
              // Also where discovery itself is never permitted: what else is may have changed.
              this.#context.fallbacks.retry(regionId);
            }
          },
          log: log.child({ account: account.name, region: regionId }),
        },
        this.#discoverySchedule(),
        this.#stopping.signal,
      ),
    );
  }

  #discoverySchedule(): StageSchedule {
    const { clock, settings } = this.#options;
    const { gate, troubles } = this.#context;
    return {
      clock,
      gate,
      troubles,
      interval: settings.discoveryInterval,
      setting: 'discovery_interval',
    };
  }

  /** Watches what is new, forgets what is gone, and notes what the API says of each. */
  #discovered(regionId: string, { found, configured }: Discovered): void {
    const { account } = this.#options;
    const listed = new Map([...configured, ...(found ?? [])].map((one) => [one.id, one]));
    for (const record of [...this.#watched.keys()]) {
      if (record.id.regionId !== regionId) continue;
      const details = listed.get(record.id.instanceId);
      listed.delete(record.id.instanceId);
      if (details) record.details = details;
      else if (record.configured) delete record.details;
      else this.#forget(record);
    }
    for (const details of listed.values()) {
      const id = { account: account.name, regionId, instanceId: details.id };
      if (this.#owns(id)) this.#watch(id, { configured: false }).details = details;
    }
  }

  #owns(id: InstanceId): boolean {
    return owns(this.#options.shard ?? ONLY_SHARD, id);
  }

  #watch(
    id: InstanceId,
    options: { readonly configured: boolean; readonly configuredLimit?: number | undefined },
  ): InstanceRecord {
    const { fleet, log } = this.#options;
    const record = fleet.addInstance(id, { ...options, intervals: this.#intervals });
    const gone = new AbortController();
    const { signal, unlink } = linkedSignal(this.#stopping.signal, gone.signal);
    this.#watched.set(record, gone);
    const { account, regionId: region, instanceId: instance } = id;
    const instanceLog = log.child({ account, region, instance });
    instanceLog.info('watching the instance');
    const polling = pollInstance(record, this.#context, instanceLog, signal).finally(() => {
      unlink();
      for (const stage of Object.values(record.stages)) this.#context.troubles.forget(stage);
    });
    this.#run(polling);
    return record;
  }

  #forget(record: InstanceRecord): void {
    const { fleet, log } = this.#options;
    this.#watched.get(record)?.abort();
    this.#watched.delete(record);
    fleet.removeInstance(record.id);
    const { account, regionId: region, instanceId: instance } = record.id;
    this.#context.fallbacks.forget(region, instance);
    log.info({ account, region, instance }, 'the instance is gone');
  }

  #pause(error: ApiError): void {
    const { account, fleet } = this.#options;
    fleet.account(account.name).paused = error;
    this.#context.troubles.pauses.paused(error);
  }

  #resume(): void {
    const { account, fleet } = this.#options;
    delete fleet.account(account.name).paused;
    this.#context.troubles.pauses.resumed();
  }

  #noteFallbacks(): void {
    const { account, fleet, settings } = this.#options;
    const { fallbacks } = fleet.account(account.name);
    for (const { name } of BATCHED) {
      const falls = settings.strategy === 'auto' && this.#context.fallbacks.appliesAnywhere(name);
      fallbacks.set(name, falls);
    }
  }
}
