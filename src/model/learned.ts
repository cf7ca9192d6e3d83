import type { Fallback } from './fallback.ts';
import type { SkippedRegion } from './region.ts';

/**
 * What calls have taught about the API of one account, as plain data. It is kept over a restart, so that a new
 * process need not find it out again.
 */
export interface Learned extends LearnedByClient, LearnedByPoller {}

interface LearnedOfServer {
  /** The endpoint that the configuration names. What was learned of another server is not used. */
  readonly endpoint?: string;
}

export interface LearnedByClient extends LearnedOfServer {
  /** Empty when the rates are not adaptive. */
  readonly rates: readonly LearnedRate[];
  /** Parts of replies that the server always leaves out; see ReplyReader. */
  readonly partsLeftOut: readonly string[];
}

export interface LearnedByPoller extends LearnedOfServer {
  readonly userPaging: PagingHabitsData;
  /** Whether the newest total that could be compared with online users was right. */
  readonly areTotalsRight: boolean;
  /** Whether some instance has proved that UserCount is the number of users. */
  readonly isUserCountUsers: boolean;
  /** Batched operations that are not used for now. */
  readonly fallbacks: readonly Fallback[];
  /** The regions that the newest list of regions contained and that are skipped. */
  readonly skippedRegions: readonly SkippedRegion[];
  /**
   * A moment in seconds since the epoch. The online passes of all instances begin whole intervals after it, so
   * that they share calls.
   */
  readonly inStepWith: number;
  /** Names the settings that decide which instances discovery finds. */
  readonly discoveredWith: string;
}

export interface LearnedRate {
  readonly operation: string;
  /** Calls per second of all shards together. */
  readonly rate: number;
  /**
   * Calls per second of all shards together that are believed to be the API's limit; absent before the API
   * refused a call.
   */
  readonly ceiling?: number;
}

/** See PagingHabits. */
export interface PagingHabitsData {
  readonly totalCount: 'unknown' | 'list' | 'page';
  readonly hasTotals: boolean;
  readonly longestPage: number;
}
