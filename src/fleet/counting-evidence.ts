/**
 * What online passes have learned about the API's counts of one instance. It is plain data, so that
 * it survives a reload and can be stored for the next start; src/poll/strategies/ decides by it.
 */
export interface CountingEvidence {
  /** Whether being left out of the user statistics means being offline. False until it was checked. */
  leftOutIsOffline: boolean;
  /** Users whom the statistics left out in the newest count and who were offline; absent before the first. */
  leftOut?: readonly string[];
  /** The user at which the rotating check of left-out users stopped; absent before the first. */
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
