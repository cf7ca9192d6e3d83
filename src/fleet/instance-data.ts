import type { ErrorKind } from '../model/api-error.ts';
import type { Instance, InstanceId } from '../model/instance.ts';
import type { InstanceSnapshot } from '../model/snapshot.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { CountingEvidence } from './counting-evidence.ts';
import type { PresenceData } from './presence.ts';

/*
 * What the fleet knows, as plain data for the next process. Times are seconds since the epoch; see StoredTimes.
 */

export interface StageData {
  /** When the newest pass began, also if that pass was cut short. */
  readonly startedAt?: number;
  /** As the metrics show it. */
  readonly lastSuccess?: number;
  /**
   * Since when no pass has succeeded: the newest success, or before the first one the beginning of polling. In
   * contrast to `lastSuccess`, it is corrected when the system's clock is set.
   */
  readonly staleFrom: number;
  /** Seconds. */
  readonly lastDuration?: number;
  /** How the newest pass ended. */
  readonly ended: 'never' | 'well' | 'badly';
  /** Why the newest pass failed; absent when it succeeded. */
  readonly failure?: StageFailure;
}

/** An ApiError without its text, which quotes the API. */
export interface StageFailure {
  readonly kind: ErrorKind;
  readonly operation: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly httpStatus?: number;
}

/** See SessionsReading. */
export interface StoredReading {
  readonly at: number;
  readonly clients: number;
}

export interface InstanceData {
  readonly writtenAt: number;
  readonly id: InstanceId;
  /** The newest result of discovery; absent when discovery has not found the instance. */
  readonly details?: Instance;
  readonly snapshot: InstanceSnapshot;
  readonly stages: Readonly<Partial<Record<InstanceStage, StageData>>>;
  readonly isUp: boolean;
  readonly presence?: PresenceData;
  readonly evidence: CountingEvidence;
  /** Numbers of users that UserCount was equal to; see UserCountEvidence. */
  readonly userCountEqualAt: readonly number[];
  /** By user name; only users who are online. */
  readonly readings: Iterable<readonly [userName: string, reading: StoredReading]>;
  /** Whether the sessions of all users are known after the newest sessions pass. */
  readonly areSessionsComplete: boolean;
}

export interface RegionData {
  readonly writtenAt: number;
  readonly account: string;
  /** Empty for the pass that reads the list of regions. */
  readonly regionId: string;
  readonly discovery: StageData;
}
