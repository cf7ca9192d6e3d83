import type { Clock } from '../../clock.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { SeriesCount } from '../../metrics/exposition/published.ts';
import type { MetricsSettings } from '../../metrics/metric.ts';
import type { Build } from '../../metrics/self-metrics.ts';
import type { UserNames } from '../../metrics/user-names.ts';
import type { ApiError } from '../../model/api-error.ts';

/** Everything the status is told from; times in seconds since the epoch. */
export interface StatusSources {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly build: Build;
  readonly startedAt: number;
  /** What the configuration in force says; another object after each reload. */
  readonly view: () => StatusView;
  readonly calls: CallsSeen;
  readonly configuration: () => ConfigurationState;
  /** Of the newest scrape; absent before the first. */
  readonly series: () => SeriesCount | undefined;
  /** When metrics were last read; absent before the first time. */
  readonly lastScrape: () => number | undefined;
}

/** How the configuration wants the fleet shown. */
export interface StatusView {
  /** Milliseconds without success after which a stage may be stale. */
  readonly staleAfter: number;
  readonly settings: MetricsSettings;
  readonly userName: 'plain' | 'hash' | 'omit';
  /** What stands for a user's name. */
  readonly userNames: UserNames;
  readonly requestsPerSecond: number;
}

/** What was seen of the calls of the API. */
export interface CallsSeen {
  /** By operation, in the order they were first made. */
  operationsOf(account: string): Iterable<OperationCalls>;
  /** The newest first. */
  failed(): Iterable<FailedCalls>;
}

/** The calls of one operation by one account. */
export interface OperationCalls {
  readonly operation: string;
  /** Calls a second now allowed. */
  readonly allowed: number;
  /** Made so far, each retry counted. */
  readonly calls: number;
  readonly throttled: number;
  /** The end of the newest long pause that the API asked for; absent before the first. */
  readonly pausedUntil?: number;
}

/** Calls of an account that failed in the same way. */
export interface FailedCalls {
  readonly account: string;
  readonly count: number;
  readonly lastAt: number;
  /** The newest. */
  readonly error: ApiError;
}

/** How loading the configuration went. */
export interface ConfigurationState {
  readonly loadedAt: number;
  /** A newer one that could not be used. */
  readonly refused?: { readonly at: number; readonly problems: readonly string[] } | undefined;
}
