import { DENIED_KINDS, type DeniedKind } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS, type BatchedOperation, fallbackTexts } from '../../model/fallback.ts';
import type { Availability, InstanceLook } from '../../poll/forecast/fleet-look.ts';

/** A batched operation that is missing on some of the instances that have users. */
interface MissingOperation extends ReturnType<typeof fallbackTexts> {
  readonly operation: BatchedOperation;
  readonly reason: DeniedKind;
  /** Empty where all of them are concerned. */
  readonly where: string;
}

const STATE_OF: Readonly<Record<BatchedOperation, (one: InstanceLook) => Availability>> = {
  DescribeSagOnlineClientStatistics: ({ totals }) => totals,
  DescribeUserOnlineClientStatistics: ({ counts }) => counts,
};

/** The batched operations that are missing, each with the reason and how many instances are concerned. */
export function missingOf(instances: readonly InstanceLook[]): readonly MissingOperation[] {
  const asked = instances.filter(({ users }) => users > 0);
  return BATCHED_OPERATIONS.flatMap((operation) =>
    DENIED_KINDS.flatMap((reason): readonly MissingOperation[] => {
      const { length } = asked.filter((one) => STATE_OF[operation](one) === reason);
      if (length === 0) return [];
      const where = length === asked.length ? '' : ` for ${length} of ${asked.length} instances`;
      return [{ operation, reason, where, ...fallbackTexts({ operation, reason }) }];
    }),
  );
}
