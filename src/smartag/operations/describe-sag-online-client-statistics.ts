import { z } from 'zod';
import { emptyList, figuresOfAsked } from '../gaps.ts';
import type { Operation, Request } from '../operation.ts';
import { clients, list, reply, requiredText } from '../wire.ts';

/** Maximum number of instances in a call (API page of the operation). */
export const INSTANCES_PER_CALL = 50;

export interface DescribeSagOnlineClientStatisticsRequest extends Request {
  /** At most 50. */
  readonly instanceIds: readonly string[];
}

const statistics = z.object({ SmartAGId: requiredText, OnlineCount: clients });

/** Counts online clients of whole instances; an instance with an unreadable count is left out. */
export const describeSagOnlineClientStatistics: Operation<
  DescribeSagOnlineClientStatisticsRequest,
  ReadonlyMap<string, number>
> = {
  name: 'DescribeSagOnlineClientStatistics',
  writes: false,
  parameters: (request) => ({ RegionId: request.regionId, SmartAGIds: request.instanceIds }),
  reply: reply({ SagStatistics: list('Statistics', statistics) }).transform(
    (wire) =>
      new Map(
        wire.SagStatistics.flatMap(({ SmartAGId, OnlineCount }) =>
          OnlineCount === undefined ? [] : [[SmartAGId, OnlineCount] as const],
        ),
      ),
  ),
  gaps: [
    emptyList('SagStatistics', 'Statistics'),
    figuresOfAsked('SagStatistics', 'Statistics', {
      id: 'SmartAGId',
      figure: 'OnlineCount',
      readable: clients,
      asked: ({ instanceIds }) => instanceIds,
    }),
  ],
};
