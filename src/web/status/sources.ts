import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { SeriesCount } from '../../metrics/exposition/published.ts';
import type { MetricsSettings } from '../../metrics/metric.ts';
import type { Build } from '../../metrics/self-metrics.ts';
import type { UserNames } from '../../metrics/user-names.ts';
import type { ApiError } from '../../model/api-error.ts';

/** The data that the status is made from. Times are in seconds since the epoch. */
export interface StatusSources {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly build: Build;
  readonly startedAt: number;
  /** Whether the state is kept on disk, so that it survives a restart. */
  readonly keepsState: () => boolean;
  /** Why the state cannot be kept although it should be; undefined when it can. */
  readonly storageProblem: () => string | undefined;
  /** The settings of the configuration in force. It is a new object after each reload. */
  readonly view: () => StatusView;
  readonly calls: ApiCalls;
  readonly configuration: () => ConfigurationState;
  /** The series of the newest scrape; undefined before the first scrape. */
  readonly series: () => SeriesCount | undefined;
  /** The time of the newest scrape; undefined before the first scrape. */
  readonly lastScrape: () => number | undefined;
}

export interface StatusView {
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  readonly settings: MetricsSettings;
  readonly userName: 'plain' | 'hash' | 'omit';
  readonly userNames: UserNames;
  readonly requestsPerSecond: number;
}

export interface ApiCalls {
  /** One entry for each operation, in the order of their first calls. */
  operationsOf(account: string): Iterable<OperationCalls>;
  /** The newest first. */
  failed(): Iterable<FailedCalls>;
}

export interface OperationCalls {
  readonly operation: string;
  /** Calls per second that the adaptive rate allows now. */
  readonly allowed: number;
  /** Number of calls made so far, including retries. */
  readonly calls: number;
  readonly throttled: number;
  /** The end of the newest long pause that the API asked for; absent before the first pause. */
  readonly pausedUntil?: number;
}

export interface FailedCalls {
  readonly account: string;
  readonly count: number;
  readonly lastAt: number;
  readonly error: ApiError;
}

export interface ConfigurationState {
  readonly loadedAt: number;
  /** The problems of a newer configuration that is invalid. */
  readonly refused?: { readonly at: number; readonly problems: readonly string[] } | undefined;
}
