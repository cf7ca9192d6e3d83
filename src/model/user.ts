/** A client account of an instance. */
export interface User {
  /** Unique within its instance. */
  readonly name: string;
  readonly mail?: string;
  /** False only for State 1; a user without State counts as enabled. */
  readonly enabled: boolean;
  readonly staticIp: boolean;
  /** The fixed address; absent when the user has none, or when the API omits it. */
  readonly clientIp?: string;
  /** Bytes per second; absent when the API omits it. */
  readonly bandwidth?: number;
  /** Bytes per second; absent when the API omits it. */
  readonly acceleratedBandwidth?: number;
}

/** What a user sent and received in the current month. */
export interface UserTraffic {
  /** Bytes since the month began. */
  readonly month: number;
  /** Bytes left of the month's free plan; absent when the API omits it. */
  readonly remaining?: number;
}
