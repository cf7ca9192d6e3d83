/** What a user sent and received in the current month. */
export interface UserTraffic {
  /** Bytes since the month began. */
  readonly month: number;
  /** Bytes left of the month's free plan; absent when the API omits it. */
  readonly remaining?: number;
}
