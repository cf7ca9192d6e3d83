import type { ApiError } from '../model/api-error.ts';
import type { InstanceId } from '../model/instance.ts';
import type { InstanceSnapshot } from '../model/snapshot.ts';
import { type ByStage, INSTANCE_STAGES, type InstanceStage } from '../model/stage.ts';
import type { Fleet, InstanceRecord } from './fleet.ts';
import type { InstanceCounters } from './instance-counters.ts';
import type { Presence, UserTimes } from './presence.ts';
import { partsOf } from './snapshots.ts';
import type { StageRecord } from './stage-record.ts';
import { USER_COUNT_DOUBT } from './user-count.ts';

/** The visible data of an instance. Stale parts of the snapshot are absent. */
export interface VisibleInstance extends InstanceSnapshot {
  readonly id: InstanceId;
  readonly up: boolean;
  /** Absent when discovery does not find the instance any more and the configuration does not name it. */
  readonly info?: { readonly name: string; readonly status: string };
  /** The configured limit, or the API's when none is configured. */
  readonly usersLimit?: number;
  /** Bytes per second. */
  readonly bandwidthLimit?: number;
  /** Seconds since the epoch. */
  readonly expiresAt?: number;
  readonly stages: ByStage<StageRecord>;
  /** Why stages cannot be read now; a stage that can be read has no entry. */
  readonly errors: ReadonlyMap<InstanceStage, ApiError>;
  /** One sentence for each implausible value of discovery; these values are not shown. */
  readonly doubts: readonly string[];
  readonly counters: Readonly<InstanceCounters>;
  readonly presence: Presence;
  /** When users were first and last seen, by user name. Absent while the online part of the snapshot is. */
  readonly userTimes?: ReadonlyMap<string, UserTimes>;
}

/** @param staleAfter milliseconds without success after which a stage may be stale */
export function visibleInstance(
  fleet: Fleet,
  record: InstanceRecord,
  staleAfter: number,
): VisibleInstance {
  const { id, stages, snapshot, configured, configuredLimit } = record;
  const discovery = fleet.regionOf(id)?.discovery;
  const details = discovery?.isStale(staleAfter) ? undefined : record.details;
  const apiLimit = record.userCount.isUsers ? undefined : details?.usersLimit;
  const usersLimit = configuredLimit ?? apiLimit;
  const parts = partsOf(snapshot, (stage) => !stages[stage]?.isStale(staleAfter));
  return {
    id,
    up: fleet.isUp(record),
    ...((details || configured) && {
      info: { name: details?.name ?? '', status: details?.status ?? '' },
    }),
    ...(usersLimit !== undefined && { usersLimit }),
    ...(details?.bandwidthLimit !== undefined && { bandwidthLimit: details.bandwidthLimit }),
    ...(details?.expiresAt !== undefined && { expiresAt: details.expiresAt }),
    ...parts,
    stages,
    errors: errorsOf(fleet, record),
    doubts: [
      ...(record.userCount.isUsers && configuredLimit === undefined ? [USER_COUNT_DOUBT] : []),
      ...(details?.doubts ?? []),
    ],
    counters: record.counters,
    presence: record.presence,
    ...(parts.online && { userTimes: record.presence.times }),
  };
}

/**
 * While the account is paused, no stage is polled, and the cause of an earlier error may be gone. So the reason
 * for the pause replaces the errors of all stages.
 */
function errorsOf(
  fleet: Fleet,
  { id, stages }: InstanceRecord,
): ReadonlyMap<InstanceStage, ApiError> {
  const { paused } = fleet.account(id.account);
  const errors = new Map<InstanceStage, ApiError>();
  for (const stage of INSTANCE_STAGES) {
    const error = stages[stage] && (paused ?? stages[stage].lastError);
    if (error) errors.set(stage, error);
  }
  return errors;
}

/** All objects that `visibleInstance` depends on. While they all stay the same, its result stays the same. */
export function visibleSources(
  fleet: Fleet,
  record: InstanceRecord,
  staleAfter: number,
): readonly unknown[] {
  const { snapshot, details, counters, stages } = record;
  const sources: unknown[] = [
    snapshot,
    details,
    record.userCount.isUsers,
    fleet.account(record.id.account).paused?.kind,
    fleet.regionOf(record.id)?.discovery.isStale(staleAfter),
    record.presence.times,
    ...Object.values(counters),
  ];
  for (const stage of INSTANCE_STAGES) {
    sources.push(stages[stage]?.revision, stages[stage]?.isStale(staleAfter));
  }
  return sources;
}
