/**
 * What calls have taught about the API of one account, as plain data. It is kept over a restart, so that a new
 * process need not find it out again.
 */
export interface Learned {
  readonly rates: readonly LearnedRate[];
  readonly userPaging: PagingHabitsData;
  /** Whether the newest total that could be compared with online users was right. */
  readonly areTotalsRight: boolean;
  /** Whether some instance has proved that UserCount is the number of users. */
  readonly isUserCountUsers: boolean;
}

export interface LearnedRate {
  readonly operation: string;
  /** Calls per second. */
  readonly rate: number;
  /** Calls per second that are believed to be the API's limit; absent before the API refused a call. */
  readonly ceiling?: number;
}

/** See PagingHabits. */
export interface PagingHabitsData {
  readonly totalCount: 'unknown' | 'list' | 'page';
  readonly hasTotals: boolean;
  readonly longestPage: number;
}
