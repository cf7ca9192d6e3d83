import type { Instance, InstanceId } from '../model/instance.ts';
import type { InstanceSnapshot } from '../model/snapshot.ts';
import type { InstanceStage } from '../model/stage.ts';
import type { CountingEvidence } from './counting-evidence.ts';
import type { PresenceData } from './presence.ts';

/*
 * What the fleet knows, as plain data for the next process. Times are wall times in seconds since the epoch,
 * because monotonic times mean nothing to another process.
 */

export interface StageData {
  /** When the newest pass began. */
  readonly startedAt?: number;
  readonly lastSuccess?: number;
  /** Seconds. */
  readonly lastDuration?: number;
  /** How the newest pass ended. */
  readonly ended: 'never' | 'well' | 'badly';
}

/** When the sessions of a user were read last, and how many there were. */
export interface SessionsReading {
  readonly at: number;
  readonly clients: number;
}

export interface InstanceData {
  readonly id: InstanceId;
  /** The newest result of discovery; absent when discovery has not found the instance. */
  readonly details?: Instance;
  readonly snapshot: InstanceSnapshot;
  readonly stages: Readonly<Partial<Record<InstanceStage, StageData>>>;
  readonly presence?: PresenceData;
  readonly evidence: CountingEvidence;
  /** Numbers of users that UserCount was equal to; see UserCountEvidence. */
  readonly userCountEqualAt: readonly number[];
  /** By user name; only users who are online. */
  readonly readings: Iterable<readonly [userName: string, reading: SessionsReading]>;
  /** Whether the sessions of all users are known after the newest sessions pass. */
  readonly areSessionsComplete: boolean;
}

export interface RegionData {
  readonly account: string;
  /** Empty for the pass that reads the list of regions. */
  readonly regionId: string;
  readonly discovery: StageData;
}
