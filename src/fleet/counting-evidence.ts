/**
 * What online passes have learned about the API's counts of one instance. It is plain data, so that it
 * survives a reload and can be stored for the next start. src/poll/strategies/ uses it.
 */
export interface CountingEvidence {
  /** Whether users whom the user statistics leave out are offline. False until it was checked. */
  leftOutIsOffline: boolean;
  /** Offline users whom the statistics left out in the newest count; absent before the first count. */
  leftOut?: readonly string[];
  /** The user whom the rotating check of left-out users reached last; absent before the first check. */
  checkedUpTo?: string;
  /**
   * Whether a total of 0 can be believed. `confirmed`: the newest count of all users found none online either.
   * `contradicted`: users were online although the total was 0, and no total has been right since.
   */
  zeroTotal: 'unproven' | 'confirmed' | 'contradicted';
}

export function noEvidence(): CountingEvidence {
  return { leftOutIsOffline: false, zeroTotal: 'unproven' };
}
