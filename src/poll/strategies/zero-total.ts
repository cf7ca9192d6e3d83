import type { CountingEvidence } from '../../fleet/counting-evidence.ts';

/*
 * A total of 0 lets a pass skip all users of an instance, so a wrong one would show everybody as
 * offline. It is believed under two conditions:
 *
 * - A count of all users of the instance has confirmed it since the last discovery.
 * - Totals tell something at all: the account's newest total that could be judged by users who are
 *   online, of whichever instance, was right. Where totals are stuck at 0, none ever is.
 */

/** Whether the account's newest total that could be judged was right. */
export interface TotalsProof {
  areRight: boolean;
}

/** What is known of the totals of an instance, and of its account. */
export interface TotalContext {
  readonly evidence: CountingEvidence;
  readonly proof: TotalsProof;
}

/** Whether the total alone shows that everybody is offline. */
export function isTrustedZero(
  { evidence, proof }: TotalContext,
  total: number | undefined,
): boolean {
  return total === 0 && evidence.zeroTotal === 'confirmed' && proof.areRight;
}

/** Learns from a pass. @param isComplete whether every user has a count */
export function noteTotal(
  { evidence, proof }: TotalContext,
  counted: {
    readonly total: number | undefined;
    readonly sum: number;
    readonly isComplete: boolean;
  },
): void {
  const { total, sum, isComplete } = counted;
  if (total === 0 && sum > 0) {
    evidence.zeroTotal = 'contradicted';
    proof.areRight = false;
  } else if (sum > 0 && total === sum) {
    evidence.zeroTotal = 'unproven';
    proof.areRight = true;
  } else if (evidence.zeroTotal !== 'contradicted') {
    evidence.zeroTotal = total === 0 && isComplete ? 'confirmed' : 'unproven';
  }
}

/** Has the next total of 0 confirmed again. */
export function expireZeroTotal(evidence: CountingEvidence): void {
  if (evidence.zeroTotal === 'confirmed') evidence.zeroTotal = 'unproven';
}
