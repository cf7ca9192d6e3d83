import type { CountingEvidence } from '../../fleet/counting-evidence.ts';

/*
 * A total of 0 lets a pass skip all users of an instance, so a wrong total of 0 would show all users as offline.
 * It is believed under two conditions:
 *
 * - A count of all users of the instance has confirmed it since the last discovery pass.
 * - The newest total, of any instance of the account, that was compared with online users was right. An API
 *   whose totals are stuck at 0 never meets this condition.
 */

export interface TotalsProof {
  /** Whether the account's newest total that could be compared with online users was right. */
  areRight: boolean;
}

export interface TotalContext {
  readonly evidence: CountingEvidence;
  readonly proof: TotalsProof;
}

/** Whether the total alone shows that all users are offline. */
export function isTrustedZero(
  { evidence, proof }: TotalContext,
  total: number | undefined,
): boolean {
  return total === 0 && evidence.zeroTotal === 'confirmed' && proof.areRight;
}

/**
 * Updates the evidence after a pass.
 *
 * @param counted.isComplete whether every user has a count
 */
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

/** Requires a new confirmation before the next total of 0 is believed. */
export function expireZeroTotal(evidence: CountingEvidence): void {
  if (evidence.zeroTotal === 'confirmed') evidence.zeroTotal = 'unproven';
}
