import type { CountingEvidence } from '../../fleet/counting-evidence.ts';

/*
 * A total of 0 lets a pass skip all users of an instance, so a wrong one would show everybody as
 * offline. It is believed only while a count of all users has confirmed it since the last discovery.
 */

/** Whether the total alone shows that everybody is offline. */
export function isTrustedZero(evidence: CountingEvidence, total: number | undefined): boolean {
  return total === 0 && evidence.zeroTotal === 'confirmed';
}

/** Learns from a pass that counted the users. @param isComplete whether every user has a count */
export function noteTotal(
  evidence: CountingEvidence,
  counted: {
    readonly total: number | undefined;
    readonly sum: number;
    readonly isComplete: boolean;
  },
): void {
  const { total, sum, isComplete } = counted;
  if (total === 0 && sum > 0) evidence.zeroTotal = 'contradicted';
  else if (sum > 0 && total === sum) evidence.zeroTotal = 'unproven';
  else if (evidence.zeroTotal !== 'contradicted') {
    evidence.zeroTotal = total === 0 && isComplete ? 'confirmed' : 'unproven';
  }
}

/** Has the next total of 0 confirmed again. */
export function expireZeroTotal(evidence: CountingEvidence): void {
  if (evidence.zeroTotal === 'confirmed') evidence.zeroTotal = 'unproven';
}
