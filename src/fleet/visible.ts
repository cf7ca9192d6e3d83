import type { InstanceId } from '../model/instance.ts';
import type { OnlineSnapshot, SessionsSnapshot, UsersSnapshot } from '../model/snapshot.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { Fleet, InstanceCounters, InstanceRecord } from './fleet.ts';
import type { StageRecord } from './stage-record.ts';

/** What of an instance may be shown now: what has gone stale is absent. */
export interface VisibleInstance {
  readonly id: InstanceId;
  readonly up: boolean;
  /** Absent when discovery lost an instance that the configuration does not name. */
  readonly info?: { readonly name: string; readonly status: string };
  /** Users it may have: the configured limit, else the API's. */
  readonly usersLimit?: number;
  /** Bytes per second. */
  readonly bandwidthLimit?: number;
  /** Seconds since the epoch. */
  readonly expiresAt?: number;
  readonly users?: UsersSnapshot;
  readonly online?: OnlineSnapshot;
  readonly sessions?: SessionsSnapshot;
  readonly stages: Readonly<Record<InstanceStage, StageRecord>>;
  readonly counters: Readonly<InstanceCounters>;
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
  const usersLimit = configuredLimit ?? details?.usersLimit;
  const fresh = <Part>(stage: InstanceStage, part: Part | undefined): Part | undefined =>
    stages[stage].isStale(staleAfter) ? undefined : part;
  const users = fresh('users', snapshot.users);
  const online = fresh('online', snapshot.online);
  const sessions = fresh('sessions', snapshot.sessions);
  return {
    id,
    up: fleet.isUp(record),
    ...((details || configured) && {
      info: { name: details?.name ?? '', status: details?.status ?? '' },
    }),
    ...(usersLimit !== undefined && { usersLimit }),
    ...(details?.bandwidthLimit !== undefined && { bandwidthLimit: details.bandwidthLimit }),
    ...(details?.expiresAt !== undefined && { expiresAt: details.expiresAt }),
    ...(users && { users }),
    ...(online && { online }),
    ...(sessions && { sessions }),
    stages,
    counters: record.counters,
  };
}
