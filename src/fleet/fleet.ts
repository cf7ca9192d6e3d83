import type { Clock } from '../clock.ts';
import type { ApiError } from '../model/api-error.ts';
import type { Fallback } from '../model/fallback.ts';
import type { Instance, InstanceId } from '../model/instance.ts';
import type { SkippedRegion } from '../model/region.ts';
import type { UserSession } from '../model/session.ts';
import type { InstanceSnapshot } from '../model/snapshot.ts';
import { type ByStage, INSTANCE_STAGES, STAGES } from '../model/stage.ts';
import { type CountingEvidence, noEvidence } from './counting-evidence.ts';
import { countEndedSessions, type InstanceCounters, newCounters } from './instance-counters.ts';
import { Presence, type PresenceData } from './presence.ts';
import { partsOf } from './snapshots.ts';
import { StageRecord, stageRecords } from './stage-record.ts';
import { UserCountEvidence, type UserCountProof } from './user-count.ts';

export interface AccountRecord {
  readonly name: string;
  /** Whether the API accepted the credentials and answered in the newest call. */
  up: boolean;
  /** Why polling is paused; absent while it is not paused. */
  paused?: ApiError;
  /** Whether the list of regions to discover in has not been read yet. */
  regionsPending: boolean;
  /** By id. */
  readonly skippedRegions: Map<string, SkippedRegion>;
  fallbacks: readonly Fallback[];
  readonly userCount: UserCountProof;
}

export interface RegionRecord {
  readonly account: string;
  readonly regionId: string;
  readonly discovery: StageRecord;
}

export interface InstanceRecord {
  readonly id: InstanceId;
  /** Whether the configuration names the instance: then the instance stays even if discovery does not find it. */
  readonly configured: boolean;
  readonly configuredLimit?: number;
  /** The newest result of discovery; absent while discovery has not found the instance. */
  details?: Instance;
  snapshot: InstanceSnapshot;
  readonly stages: ByStage<StageRecord>;
  /**
   * Whether the instance was up at the end of the earlier process; absent when none has watched it. Counts
   * until a pass of this process has ended.
   */
  readonly wasUp?: boolean;
  /** By user name; users who are offline are missing. */
  readings: ReadonlyMap<string, SessionsReading>;
  /** Whether the sessions of all users are known after the newest sessions pass. */
  areSessionsComplete: boolean;
  /** The number of users read so far by the users pass in progress; absent between passes. */
  reading?: number;
  readonly counters: InstanceCounters;
  /** When its users were last online. */
  readonly presence: Presence;
  readonly evidence: CountingEvidence;
  /** Whether the API's UserCount is the limit or the number of users. */
  readonly userCount: UserCountEvidence;
}

/** When the sessions of a user were read last. */
export interface SessionsReading {
  /** Monotonic time of the answer. */
  readonly at: number;
  /** The number of sessions in the answer. */
  readonly clients: number;
}

/** Sessions of one instance that have ended. */
export interface EndedSessions {
  readonly id: InstanceId;
  readonly sessions: readonly UserSession[];
  /** Seconds since the epoch: the beginning of the pass that found the sessions gone. */
  readonly endedAt: number;
}

/**
 * Everything that is known about the accounts and their instances. The poller writes it; metrics, pages and
 * storage read it.
 */
export class Fleet {
  readonly #clock: Clock;
  readonly #mostUsers: number;
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #regions = new Map<string, RegionRecord>();
  readonly #instances = new Map<string, InstanceRecord>();
  /** By instance; see `includePresence`. */
  readonly #presenceToCome = new Map<string, PresenceData>();
  readonly #onSessionsEnded = new Set<(ended: EndedSessions) => void>();

  /** @param mostUsers maximum number of users of all instances together */
  constructor(clock: Clock, mostUsers = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#mostUsers = mostUsers;
  }

  get accounts(): Iterable<AccountRecord> {
    return this.#accounts.values();
  }

  get regions(): Iterable<RegionRecord> {
    return this.#regions.values();
  }

  get instances(): Iterable<InstanceRecord> {
    return this.#instances.values();
  }

  account(name: string): AccountRecord {
    const known = this.#accounts.get(name);
    if (known) return known;
    const record: AccountRecord = {
      name,
      up: false,
      regionsPending: false,
      skippedRegions: new Map(),
      fallbacks: [],
      userCount: { isUsers: false },
    };
    this.#accounts.set(name, record);
    return record;
  }

  removeAccount(name: string): void {
    this.#accounts.delete(name);
    for (const [key, { account }] of this.#regions) if (account === name) this.#regions.delete(key);
    for (const { id } of this.instancesOf(name)) this.removeInstance(id);
  }

  /**
   * Finds or creates a record.
   *
   * @param interval milliseconds from the start of a discovery pass to the start of the next
   */
  region(account: string, regionId: string, interval: number): RegionRecord {
    const known = this.#regions.get(keyOf(account, regionId));
    known?.discovery.reschedule(interval);
    if (known) return known;
    const record = { account, regionId, discovery: new StageRecord(this.#clock, interval) };
    this.putRegion(record);
    return record;
  }

  putRegion(record: RegionRecord): void {
    this.#regions.set(keyOf(record.account, record.regionId), record);
  }

  removeRegion({ account, regionId }: RegionRecord): void {
    this.#regions.delete(keyOf(account, regionId));
  }

  regionsOf(account: string): readonly RegionRecord[] {
    return Array.from(this.#regions.values()).filter((region) => region.account === account);
  }

  instancesOf(account: string): readonly InstanceRecord[] {
    return Array.from(this.#instances.values()).filter(({ id }) => id.account === account);
  }

  /** The region of an instance; absent when no discovery runs there. */
  regionOf({ account, regionId }: InstanceId): RegionRecord | undefined {
    return this.#regions.get(keyOf(account, regionId));
  }

  instance(id: InstanceId): InstanceRecord | undefined {
    return this.#instances.get(keyOf(id.account, id.regionId, id.instanceId));
  }

  /**
   * Creates the record of an instance that is to be polled. The record takes over what earlier polling of the
   * instance left; that polling must have ended.
   */
  addInstance(
    id: InstanceId,
    options: {
      readonly configured: boolean;
      readonly configuredLimit?: number | undefined;
      /** Milliseconds from the start of a pass to the start of the next, for each stage that is enabled. */
      readonly intervals: ByStage<number>;
    },
  ): InstanceRecord {
    const { configured, configuredLimit, intervals } = options;
    const known = this.instance(id);
    const record: InstanceRecord = {
      id,
      configured,
      ...(configuredLimit !== undefined && { configuredLimit }),
      ...(known?.details && { details: known.details }),
      snapshot: partsOf(known?.snapshot ?? {}, (stage) => intervals[stage] !== undefined),
      stages: this.#stages(intervals, known?.stages),
      ...(known?.wasUp !== undefined && { wasUp: known.wasUp }),
      readings: known?.readings ?? new Map(),
      areSessionsComplete: known?.areSessionsComplete ?? false,
      counters: known?.counters ?? newCounters(),
      presence: known?.presence ?? this.#newPresence(id),
      evidence: known?.evidence ?? noEvidence(),
      userCount: known?.userCount ?? new UserCountEvidence(this.account(id.account).userCount),
    };
    this.putInstance(record);
    return record;
  }

  #stages(intervals: ByStage<number>, known?: ByStage<StageRecord>): ByStage<StageRecord> {
    return stageRecords(intervals, (stage, interval, leader) => {
      const record = known?.[stage] ?? new StageRecord(this.#clock, interval, { leader });
      record.reschedule(interval);
      return record;
    });
  }

  /**
   * Adds when the users of an instance were online while another process watched it. For an instance that this
   * process has not discovered yet, that is kept until it is discovered.
   */
  includePresence(id: InstanceId, presence: PresenceData): void {
    const record = this.instance(id);
    if (record) record.presence.include(presence);
    else this.#presenceToCome.set(keyOf(id.account, id.regionId, id.instanceId), presence);
  }

  #newPresence({ account, regionId, instanceId }: InstanceId): Presence {
    const key = keyOf(account, regionId, instanceId);
    const presence = new Presence(this.#presenceToCome.get(key));
    this.#presenceToCome.delete(key);
    return presence;
  }

  putInstance(record: InstanceRecord): void {
    const { account, regionId, instanceId } = record.id;
    this.#instances.set(keyOf(account, regionId, instanceId), record);
  }

  removeInstance(id: InstanceId): void {
    this.#instances.delete(keyOf(id.account, id.regionId, id.instanceId));
  }

  onSessionsEnded(listener: (ended: EndedSessions) => void): void {
    this.#onSessionsEnded.add(listener);
  }

  /** Counts sessions that have ended, and tells the listeners about them. */
  sessionsEnded(
    { id, counters }: InstanceRecord,
    sessions: readonly UserSession[],
    endedAt: number,
  ): void {
    if (sessions.length === 0) return;
    countEndedSessions(counters, sessions, endedAt);
    for (const listener of this.#onSessionsEnded) listener({ id, sessions, endedAt });
  }

  /** The number of users that may be stored for the instance, given those of all other instances. */
  roomFor(record: InstanceRecord): number {
    let others = 0;
    for (const other of this.#instances.values()) {
      if (other === record) continue;
      others += Math.max(other.snapshot.users?.users.length ?? 0, other.reading ?? 0);
    }
    return Math.max(0, this.#mostUsers - others);
  }

  /**
   * Whether the newest pass of every stage of the instance succeeded and its account is not paused. An
   * instance is up only after a pass of each essential stage. The other stages take longest, and their first
   * pass may still be missing.
   */
  isUp({ id, stages }: InstanceRecord): boolean {
    if (this.account(id.account).paused !== undefined) return false;
    return INSTANCE_STAGES.every((stage) => {
      const ended = stages[stage]?.ended;
      return STAGES[stage].isEssential ? ended === 'well' : ended !== 'badly';
    });
  }
}

/** JSON, because the parts may contain any separator. */
function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
