import { onlineCounts } from '../online-counts.ts';
import type { Operation, Request } from '../operation.ts';

/** Maximum number of instances in a call (API page of the operation). */
export const INSTANCES_PER_CALL = 50;

export interface DescribeSagOnlineClientStatisticsRequest extends Request {
  /** At most 50. */
  readonly instanceIds: readonly string[];
}

/** Counts online clients of whole instances; an instance with an unreadable count is left out. */
export const describeSagOnlineClientStatistics: Operation<
  DescribeSagOnlineClientStatisticsRequest,
  ReadonlyMap<string, number>
> = {
  name: 'DescribeSagOnlineClientStatistics',
  writes: false,
  parameters: (request) => ({ RegionId: request.regionId, SmartAGIds: request.instanceIds }),
  ...onlineCounts('SagStatistics', 'SmartAGId', ({ instanceIds }) => instanceIds),
};
