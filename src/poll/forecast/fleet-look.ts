import type { FallbackReason } from '../../model/fallback.ts';
import type { PollSettings } from '../settings.ts';

/** What was seen of an account's fleet. */
export interface FleetLook {
  /** DescribeRegions calls of a discovery pass: none where the configuration gives the regions. */
  readonly regionCalls: number;
  /** DescribeSmartAccessGateways calls of one discovery pass over all regions. */
  readonly discoveryCalls: number;
  /** Whether first pages tell how long lists are; else a page more may be read to see the end. */
  readonly lengthsTold: boolean;
  readonly instances: readonly InstanceLook[];
}

/** What was seen of an instance. */
export interface InstanceLook {
  readonly regionId: string;
  readonly instanceId: string;
  readonly users: number;
  /** Users on a full page, which may be fewer than were asked for. */
  readonly pageSize: number;
  /** Online clients by the instance's total; absent when that cannot be had. */
  readonly clients?: number;
  /** Users online by counts of users, perhaps of some of them only; absent where that was not counted. */
  readonly onlineUsers?: number;
  /** Whether DescribeSagOnlineClientStatistics answers for the instance. */
  readonly totals: Availability;
  /** Whether DescribeUserOnlineClientStatistics answers for it. */
  readonly counts: Availability;
  /** Whether the counts leave out users who are offline. */
  readonly leavesOut: boolean;
}

/** Whether an operation answers, or why it does not; `failing`: for a reason that may pass. */
export type Availability = 'answering' | FallbackReason | 'failing';

/** How often and how fast is asked. */
export interface ForecastSettings
  extends Omit<PollSettings, 'strategy' | 'pageSize' | 'concurrency'> {
  /** Calls per second of each operation. */
  readonly requestsPerSecond: number;
}

/** `auto` is batched wherever users can be counted in batches. */
export type ForecastStrategy = PollSettings['strategy'];

/** The calls of an operation in a stage. */
export interface Calls {
  readonly operation: string;
  /** Calls of the first passes, until everything is known. */
  readonly firstCalls: number;
  /** Calls of a later cycle; a fraction where only some cycles make them. */
  readonly calls: number;
}
