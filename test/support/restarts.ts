import { type Clock, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { Fleet, type InstanceRecord } from '../../src/fleet/fleet.ts';
import {
  instanceData,
  regionData,
  restoreInstance,
  restoreRegion,
} from '../../src/fleet/handover.ts';
import type { InstanceData, RegionData } from '../../src/fleet/instance-data.ts';
import { silentLog } from '../../src/log.ts';
import { UserAdmission } from '../../src/metrics/admission.ts';
import { FleetExposition } from '../../src/metrics/exposition/exposition.ts';
import { plainUserNames } from '../../src/metrics/user-names.ts';
import { ERROR_KINDS } from '../../src/model/api-error.ts';
import type { Learned } from '../../src/model/learned.ts';
import { ONLY_SHARD, type Shard } from '../../src/model/shard.ts';
import { AccountPoller } from '../../src/poll/account-poller.ts';
import type { AccountSettings, PollSettings } from '../../src/poll/settings.ts';
import {
  createSimulator,
  createWorld,
  DEFAULT_QUIRKS,
  type InstanceSpec,
  type Match,
  type Quirks,
  type Simulator,
  type World,
} from '../../src/simulator/index.ts';
import { createRandom } from '../../src/simulator/world/random.ts';
import type { Client } from '../../src/smartag/operation.ts';
import { paced } from '../../src/smartag/pacing/paced.ts';
import { retrying } from '../../src/smartag/pacing/retrying.ts';
import { observed } from '../../src/smartag/transport/observed.ts';
import { ReplyReader } from '../../src/smartag/transport/reply-reader.ts';
import { drained } from './drained.ts';
import { inMemoryClient } from './in-memory-client.ts';
import { ManualClock } from './manual-clock.ts';
import { parseExposition } from './parse-exposition.ts';
import { DEFAULT_METRICS, DEFAULT_POLLING, DISCOVERING } from './settings.ts';

const ACCOUNT = 'test';
const REGION = 'cn-shanghai';
const TIMEOUT = 5 * SECOND;
export const STALE_AFTER = 15 * MINUTE;

const FLEETING = new Set([
  'sag_app_account_up',
  'sag_app_stage_progress_ratio',
  'sag_app_user_session_age_seconds',
]);

/** Everything that one process hands to the next, as plain data. */
export interface Handover {
  readonly instances: readonly InstanceData[];
  readonly regions: readonly RegionData[];
  readonly learned: Learned;
}

/** The configuration of a process; what is left out has the default of these tests. */
export interface LifeOptions {
  readonly strategy?: PollSettings['strategy'];
  readonly account?: Partial<AccountSettings>;
  readonly settings?: Partial<PollSettings>;
  readonly shard?: Shard;
  readonly requestsPerSecond?: number;
  readonly adaptive?: boolean;
}

/** In milliseconds. */
const SHORTEST_WAIT = 1e-6;

/** A clock of a process: its monotonic time begins with the process, and its wall clock may be wrong. */
export class ProcessClock implements Clock {
  readonly #time: ManualClock;
  readonly #born: number;
  /** Milliseconds by which the wall clock is fast. */
  error: number;

  constructor(time: ManualClock, error = 0) {
    this.#time = time;
    this.#born = time.monotonic();
    this.error = error;
  }

  now(): number {
    return this.#time.now() + this.error;
  }

  monotonic(): number {
    return this.#time.monotonic() - this.#born;
  }

  after(ms: number, callback: () => void): () => void {
    // The time of the world has more digits than that of a young process, so a shorter wait might not move it.
    return this.#time.after(ms > 0 ? Math.max(ms, SHORTEST_WAIT) : 0, callback);
  }
}

/** Every instance of the region. */
const ANY_INSTANCE: AccountSettings = {
  name: ACCOUNT,
  ...DISCOVERING,
  regions: [REGION],
};

/** A simulated API that outlives the processes that poll it. */
export class RestartApi {
  /** The time of the world, which the test moves. */
  readonly time = new ManualClock();
  readonly world: World;
  readonly simulator: Simulator;

  /** @param sizes the numbers of users of the instances `sag-0`, `sag-1` and so on */
  constructor(
    sizes: readonly number[],
    options: { readonly quirks?: Partial<Quirks>; readonly of?: Partial<InstanceSpec> } = {},
  ) {
    const { time } = this;
    const instances = sizes.map((users, index) => ({
      id: `sag-${index}`,
      regionId: REGION,
      users,
      onlineRatio: 0.1,
      meanSessionMs: 2 * HOUR,
      ...options.of,
    }));
    this.world = createWorld({ seed: 3, clock: time, activity: 'living', instances });
    const quirks = { ...DEFAULT_QUIRKS, ...options.quirks };
    this.simulator = createSimulator({ clock: time, world: this.world, seed: 3, quirks });
  }

  /** Starts a process; `from` is what an earlier one has handed over. */
  begin(options: LifeOptions = {}, from?: Handover, clockError = 0): ExporterLife {
    return new ExporterLife(this, options, from, clockError);
  }

  /** Makes calls fail; the function ends that. */
  refuse(code: string, httpStatus: number, match: Match = {}): () => void {
    return this.simulator.faults.add({ match, effect: { error: { code, httpStatus } } });
  }
}

/** One life of an exporter without HTTP and files: the fleet, the client and the poller of an account. */
export class ExporterLife {
  readonly clock: ProcessClock;
  readonly fleet: Fleet;
  /** Calls so far, by operation. */
  readonly calls = new Map<string, number>();
  /** The rates of operations as the metrics show them. */
  readonly budgets = new Map<string, number>();
  throttled = 0;
  readonly #replies: ReplyReader;
  readonly #paced;
  readonly #client: Client;
  readonly #exposition: FleetExposition;
  #poller: AccountPoller;

  constructor(api: RestartApi, options: LifeOptions, from?: Handover, clockError = 0) {
    const { simulator, time } = api;
    const { shard = ONLY_SHARD, requestsPerSecond = 10, adaptive = true } = options;
    const clock = new ProcessClock(time, clockError);
    const fleet = new Fleet(clock);
    this.clock = clock;
    this.fleet = fleet;
    for (const region of from?.regions ?? []) restoreRegion(fleet, region, clock);
    for (const instance of from?.instances ?? []) restoreInstance(fleet, instance, clock);
    const replies = new ReplyReader(from?.learned.partsLeftOut);
    this.#replies = replies;
    const client = inMemoryClient({ simulator, clock, seed: 1, timeout: TIMEOUT, replies });
    const record = fleet.account(ACCOUNT);
    const counted = observed(client, {
      clock,
      onCall: ({ operation, error }) => {
        this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
        if (error?.kind === 'throttled') this.throttled++;
        record.up = error === undefined || ERROR_KINDS[error.kind].authenticated;
      },
    });
    this.#paced = paced(counted, {
      clock,
      concurrency: DEFAULT_POLLING.concurrency,
      requestsPerSecond,
      adaptive,
      shard,
      learned: from?.learned.rates,
      onWait() {},
      onBudget: (operation, rate) => this.budgets.set(operation, rate),
    });
    const { next: random } = createRandom(1, 'jitter');
    this.#client = retrying(this.#paced, { clock, random, refreshCredentials() {} });
    this.#poller = this.#pollerOf(options, from?.learned);
    this.#exposition = new FleetExposition({
      fleet,
      staleAfter: STALE_AFTER,
      settings: DEFAULT_METRICS,
      userNames: plainUserNames,
      admission: new UserAdmission(1_000_000),
    });
    this.#poller.start();
  }

  #pollerOf(options: LifeOptions, learned?: Learned): AccountPoller {
    const { strategy = 'auto', shard = ONLY_SHARD } = options;
    return new AccountPoller({
      account: { ...ANY_INSTANCE, ...options.account },
      settings: { ...DEFAULT_POLLING, strategy, ...options.settings },
      shard,
      client: this.#client,
      fleet: this.fleet,
      clock: this.clock,
      log: silentLog(),
      learned,
    });
  }

  get learned(): Learned {
    const { rates } = this.#paced;
    return { ...this.#poller.learned, rates, partsLeftOut: this.#replies.partsLeftOut };
  }

  /** Puts a changed configuration into force. */
  async reload(options: LifeOptions): Promise<void> {
    await this.#poller.stop();
    this.#poller = this.#pollerOf(options);
    this.#poller.start();
  }

  record(instanceId: string): InstanceRecord {
    const record = this.fleet.instance({ account: ACCOUNT, regionId: REGION, instanceId });
    if (!record) throw new Error(`${instanceId} is not watched`);
    return record;
  }

  get callCount(): number {
    return [...this.calls.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The text of a scrape. */
  scrape(): string {
    const second = Math.floor(this.clock.now() / SECOND);
    return Buffer.concat([...drained(this.#exposition.refresh()).text('text', second)]).toString();
  }

  /**
   * The samples of a scrape whose values must outlive a restart. Counters and histograms begin at 0, and the
   * account is up only after a call.
   */
  lasting(): Readonly<Record<string, number>> {
    const samples: Record<string, number> = {};
    for (const { name, type, samples: own } of parseExposition(this.scrape())) {
      if (type !== 'gauge' || FLEETING.has(name)) continue;
      for (const { labels, value } of own) samples[`${name}${JSON.stringify(labels)}`] = value;
    }
    return samples;
  }

  /** A copy that shares nothing with this process, as if it had been read from files. */
  handover(): Handover {
    const { clock, fleet, learned } = this;
    return structuredClone({
      instances: Array.from(fleet.instances, (record) => {
        const { presence, readings, ...data } = instanceData(fleet, record, clock);
        return {
          ...data,
          ...(presence && { presence: { ...presence, users: [...presence.users] } }),
          readings: [...readings],
        };
      }),
      regions: Array.from(fleet.regions, (region) => regionData(region, clock)),
      learned,
    });
  }

  /** Ends the process without notice: nothing that it does from now on counts. */
  async kill(): Promise<void> {
    await this.#poller.stop();
    this.#paced.close();
  }
}
