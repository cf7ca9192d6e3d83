import type { CountingEvidence } from '../../fleet/counting-evidence.ts';

/*
 * A total of 0 lets a pass skip all users of an instance, so a wrong one would show everybody as
 * offline. It is believed under two conditions:
 *
 * - A count of all users has confirmed it since the last discovery.
 * - Totals tell something in that region: the newest total that could be judged by users who are online
 *   was right. Where totals are stuck at 0, none ever is.
 */

/** Regions of an account in which the newest total that could be judged was right. */
export type ProvenRegions = Set<string>;

/** Where a total was told, and what is known of it there. */
export interface TotalContext {
  readonly regionId: string;
  readonly evidence: CountingEvidence;
  readonly proven: ProvenRegions;
}

/** Whether the total alone shows that everybody is offline. */
export function isTrustedZero(context: TotalContext, total: number | undefined): boolean {
  const { regionId, evidence, proven } = context;
  return total === 0 && evidence.zeroTotal === 'confirmed' && proven.has(regionId);
}

/** Learns from a pass. @param isComplete whether every user has a count */
export function noteTotal(
  { regionId, evidence, proven }: TotalContext,
  counted: {
    readonly total: number | undefined;
    readonly sum: number;
    readonly isComplete: boolean;
  },
): void {
  const { total, sum, isComplete } = counted;
  if (total === 0 && sum > 0) {
    evidence.zeroTotal = 'contradicted';
    proven.delete(regionId);
  } else if (sum > 0 && total === sum) {
    evidence.zeroTotal = 'unproven';
    proven.add(regionId);
  } else if (evidence.zeroTotal !== 'contradicted') {
    evidence.zeroTotal = total === 0 && isComplete ? 'confirmed' : 'unproven';
  }
}

/** Has the next total of 0 confirmed again. */
export function expireZeroTotal(evidence: CountingEvidence): void {
  if (evidence.zeroTotal === 'confirmed') evidence.zeroTotal = 'unproven';
}
