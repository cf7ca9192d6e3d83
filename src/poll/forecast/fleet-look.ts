import type { DeniedKind } from '../../model/api-error.ts';
import type { PollSettings } from '../settings.ts';

/** The facts about an account's fleet from which `plan` forecasts the calls. */
export interface FleetLook {
  /** DescribeRegions calls of a discovery pass: none when the configuration names the regions. */
  readonly regionCalls: number;
  /** DescribeSmartAccessGateways calls of one discovery pass over all regions. */
  readonly discoveryCalls: number;
  /** Whether the first page of a list gives its length. Otherwise another page may be needed to find the end. */
  readonly lengthsTold: boolean;
  readonly instances: readonly InstanceLook[];
}

export interface InstanceLook {
  readonly regionId: string;
  readonly instanceId: string;
  readonly users: number;
  /** Number of users on a full page; the API may return fewer than requested. */
  readonly pageSize: number;
  /** Number of online clients, by the API's total for the instance; absent when the API gives no total. */
  readonly clients?: number;
  /** Number of online users, found by counting some or all users; absent when none were counted. */
  readonly onlineUsers?: number;
  readonly totals: Availability;
  readonly counts: Availability;
  /** Whether DescribeUserOnlineClientStatistics leaves out users who are offline. */
  readonly leavesOut: boolean;
}

/** Whether an operation answers, or why it does not; `failing` is a failure that may be temporary. */
export type Availability = 'answering' | DeniedKind | 'failing';

export interface ForecastSettings
  extends Omit<PollSettings, 'strategy' | 'pageSize' | 'concurrency'> {
  /** Calls per second, for each operation. */
  readonly requestsPerSecond: number;
}

export type ForecastStrategy = PollSettings['strategy'];

export interface Calls {
  readonly operation: string;
  /** Calls of the first cycle, after which everything is known. */
  readonly firstCalls: number;
  /** Calls of a later cycle; a fraction when only some cycles make the call. */
  readonly calls: number;
}
