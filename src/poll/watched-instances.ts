import { type Clock, SECOND } from '../clock.ts';
import type { Fleet, InstanceRecord } from '../fleet/fleet.ts';
import { userSessions } from '../fleet/session-diff.ts';
import type { Log } from '../log.ts';
import type { Instance, InstanceId } from '../model/instance.ts';
import type { Shard } from '../model/shard.ts';
import { passIntervals } from '../model/stage.ts';
import { compareUserCount } from './compare-user-count.ts';
import { pollInstance } from './instance-poller.ts';
import { linkedSignal } from './linked-signal.ts';
import type { PollSettings } from './settings.ts';
import { owns } from './shard-owner.ts';
import type { Discovered } from './stages/discovery.ts';
import type { PollContext } from './stages/polled-stage.ts';

export interface WatchOptions {
  readonly account: string;
  readonly shard: Shard;
  readonly settings: PollSettings;
  readonly context: PollContext;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with a promise for each instance. It resolves when polling of the instance has ended. */
  readonly onPolling: (polling: Promise<void>) => void;
}

/** Maximum number of logged lines to remember. Lines that differ after each discovery must not fill the memory. */
const MOST_REMEMBERED = 20_000;

/** The instances of an account that are polled. They are the instances of the shard that still exist. */
export class WatchedInstances {
  readonly #options: WatchOptions;
  readonly #stopping: AbortSignal;
  /** Aborting a controller ends the polling of the instance. */
  readonly #watched = new Map<InstanceRecord, AbortController>();
  /** Lines that were logged about instances, so that each is logged once. */
  readonly #logged = new Set<string>();

  /** @param stopping ends the polling of all instances */
  constructor(options: WatchOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  /** Watches an instance that the configuration names. */
  configured(id: InstanceId, usersLimit: number | undefined): void {
    if (!this.#owns(id)) return;
    this.#watch(id, { configured: true, configuredLimit: usersLimit });
  }

  /**
   * Watches the instances that earlier polling of the account left and that are still wanted. Forgets the
   * others.
   */
  takeOver(isWanted: (record: InstanceRecord) => boolean): void {
    const { account, fleet } = this.#options;
    for (const record of fleet.instancesOf(account)) {
      if (this.#watched.has(record)) continue;
      if (this.#owns(record.id) && isWanted(record)) this.#watch(record.id, { configured: false });
      else fleet.removeInstance(record.id);
    }
  }

  /**
   * Watches new instances of a region, forgets those that do not exist any more, and stores the details of
   * the others.
   */
  discovered(regionId: string, { found, configured, devices }: Discovered): void {
    const listed = new Map(
      [...configured, ...(found ?? [])].map((instance) => [instance.id, instance]),
    );
    for (const record of [...this.#watched.keys()]) {
      if (record.id.regionId !== regionId) continue;
      const details = listed.get(record.id.instanceId);
      listed.delete(record.id.instanceId);
      if (details) this.#describe(record, details);
      else if (record.configured) delete record.details;
      else this.#forget(record);
    }
    for (const details of listed.values()) {
      const id = { account: this.#options.account, regionId, instanceId: details.id };
      if (this.#owns(id)) this.#describe(this.#watch(id, { configured: false }), details);
    }
    for (const { id: instanceId, device } of devices) {
      const id = { account: this.#options.account, regionId, instanceId };
      const text = `left out: a device (HardwareVersion ${device}), not SAG APP`;
      if (this.#owns(id)) this.#logOnce(id, 'info', text);
    }
  }

  /** The watched instances of a region by id, with the details of the newest discovery pass. */
  knownIn(regionId: string): ReadonlyMap<string, Instance | undefined> {
    const records = [...this.#watched.keys()].filter(({ id }) => id.regionId === regionId);
    return new Map(records.map(({ id, details }) => [id.instanceId, details]));
  }

  countOutside(regionId: string): number {
    return [...this.#watched.keys()].filter(({ id }) => id.regionId !== regionId).length;
  }

  /** Stores the details of an instance, and logs implausible ones once. */
  #describe(record: InstanceRecord, details: Instance): void {
    record.details = details;
    compareUserCount(record, (doubt) => this.#logOnce(record.id, 'warn', doubt));
    for (const doubt of details.doubts ?? []) this.#logOnce(record.id, 'warn', doubt);
  }

  #logOnce(id: InstanceId, level: 'info' | 'warn', text: string): void {
    const { account, regionId: region, instanceId: instance } = id;
    const key = JSON.stringify([region, instance, text]);
    if (this.#logged.has(key)) return;
    if (this.#logged.size >= MOST_REMEMBERED) this.#logged.clear();
    this.#logged.add(key);
    this.#options.log[level]({ account, region, instance }, text);
  }

  #owns(id: InstanceId): boolean {
    return owns(this.#options.shard, id);
  }

  #watch(
    id: InstanceId,
    options: { readonly configured: boolean; readonly configuredLimit?: number | undefined },
  ): InstanceRecord {
    const { settings, fleet, log, context, onPolling } = this.#options;
    const intervals = passIntervals(settings);
    const record = fleet.addInstance(id, { ...options, intervals });
    const gone = new AbortController();
    const { signal, unlink } = linkedSignal(this.#stopping, gone.signal);
    this.#watched.set(record, gone);
    const { account, regionId: region, instanceId: instance } = id;
    const instanceLog = log.child({ account, region, instance });
    instanceLog.info('watching the instance');
    const polling = pollInstance(record, context, instanceLog, signal).finally(() => {
      unlink();
      for (const stage of Object.values(record.stages)) context.failureLog.forget(stage);
    });
    onPolling(polling);
    return record;
  }

  #forget(record: InstanceRecord): void {
    const { clock, fleet, log, context } = this.#options;
    this.#watched.get(record)?.abort();
    this.#watched.delete(record);
    fleet.sessionsEnded(record, userSessions(record.snapshot.sessions), clock.now() / SECOND);
    fleet.removeInstance(record.id);
    const { account, regionId: region, instanceId: instance } = record.id;
    context.fallbacks.forget(region, instance);
    log.info({ account, region, instance }, 'the instance is gone');
  }
}
