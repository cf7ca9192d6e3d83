import { type DeniedKind, ERROR_KINDS } from './api-error.ts';

/** Operations that save calls; polling also works without them. */
export const BATCHED_OPERATIONS = [
  'DescribeSagOnlineClientStatistics',
  'DescribeUserOnlineClientStatistics',
] as const;

export type BatchedOperation = (typeof BATCHED_OPERATIONS)[number];

/** A batched operation that polling does not use for now, in a region or for one instance. */
export interface Fallback {
  readonly operation: BatchedOperation;
  readonly reason: DeniedKind;
  readonly regionId: string;
  /** Absent when the fallback concerns the whole region. */
  readonly instanceId?: string | undefined;
}

interface OperationPolicy {
  /** How much it matters that the operation cannot be used. Only a warning is worth an alert. */
  readonly severity: 'info' | 'warning';
  /** How polling works without the operation, and how much that costs. */
  readonly effect: string;
  /** How polling works again when the operation answers again. */
  readonly recovery: string;
  readonly advice: Readonly<Record<DeniedKind, string>>;
}

const POLICIES: Readonly<Record<BatchedOperation, OperationPolicy>> = {
  // Totals only save calls: users are counted in batches with and without them.
  DescribeSagOnlineClientStatistics: {
    severity: 'info',
    effect:
      'users are counted in batches without totals; the figures are the same, and only instances where nobody is online take more calls',
    recovery: 'totals are used again',
    advice: {
      forbidden:
        'Nothing has to be done. Permitting smartag:DescribeSagOnlineClientStatistics saves the calls on instances where nobody is online.',
      unsupported: 'Nothing has to be done: the exporter does not need the operation.',
    },
  },
  DescribeUserOnlineClientStatistics: {
    severity: 'warning',
    effect:
      'users are asked one by one instead; the figures are the same, and take up to 50 times as many calls',
    recovery: 'users are counted in batches again',
    advice: {
      forbidden:
        'Permit smartag:DescribeUserOnlineClientStatistics to the account (RAM policy); `sag-app-exporter doctor` prints the statement. The exporter tries again at each discovery.',
      unsupported:
        'No permission helps against that. `sag-app-exporter plan` tells what asking one by one costs; raise polling.online_interval or polling.requests_per_second if passes take too long. The exporter tries again at each discovery.',
    },
  },
};

/** The texts of the log, the status pages and `doctor` about a fallback. */
export function fallbackTexts({ operation, reason }: Pick<Fallback, 'operation' | 'reason'>): {
  readonly severity: OperationPolicy['severity'];
  /** A clause such as `DescribeUserOnlineClientStatistics is not permitted`. */
  readonly problem: string;
  readonly effect: string;
  readonly recovery: string;
  readonly advice: string;
} {
  const { severity, effect, recovery, advice } = POLICIES[operation];
  const problem = `${operation} ${ERROR_KINDS[reason].denied.predicate}`;
  return { severity, problem, effect, recovery, advice: advice[reason] };
}
