import { DENIED_KINDS, type DeniedKind } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS, type BatchedOperation, fallbackTexts } from '../../model/fallback.ts';
import type { Availability, InstanceLook } from '../../poll/forecast/fleet-look.ts';

/** A batched operation that is missing on some of the instances that have users. */
interface MissingOperation extends ReturnType<typeof fallbackTexts> {
  readonly operation: BatchedOperation;
  readonly reason: DeniedKind;
  /** The instances on which the operation is missing, as text; empty if it is missing on all of them. */
  readonly where: string;
}

const STATE_OF: Readonly<Record<BatchedOperation, (instance: InstanceLook) => Availability>> = {
  DescribeSagOnlineClientStatistics: ({ totals }) => totals,
  DescribeUserOnlineClientStatistics: ({ counts }) => counts,
};

/** The batched operations that are missing, each with the reason and the number of instances. */
export function missingOf(instances: readonly InstanceLook[]): readonly MissingOperation[] {
  const withUsers = instances.filter(({ users }) => users > 0);
  return BATCHED_OPERATIONS.flatMap((operation) =>
    DENIED_KINDS.flatMap((reason): readonly MissingOperation[] => {
      const { length } = withUsers.filter((instance) => STATE_OF[operation](instance) === reason);
      if (length === 0) return [];
      const where =
        length === withUsers.length ? '' : ` for ${length} of ${withUsers.length} instances`;
      return [{ operation, reason, where, ...fallbackTexts({ operation, reason }) }];
    }),
  );
}
