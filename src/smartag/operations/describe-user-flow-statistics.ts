import { z } from 'zod';
import type { UserTraffic } from '../../model/traffic.ts';
import { emptyList, figuresOfAsked } from '../gaps.ts';
import type { Operation, Request } from '../operation.ts';
import { amount, list, reply, requiredText } from '../wire.ts';

/** Users per call, at most (API page of the operation). */
export const USERS_PER_TRAFFIC_CALL = 50;

export interface DescribeUserFlowStatisticsRequest extends Request {
  readonly instanceId: string;
  /** At least one, at most 50. */
  readonly userNames: readonly string[];
}

const statistics = z.object({
  UserName: requiredText,
  TotalBytes: amount,
  TotalLeaveBytes: amount,
});

/**
 * Traffic of users in the API's current month. No date is sent, as the time zone of dates is not documented. A
 * user whose traffic cannot be read is left out.
 */
export const describeUserFlowStatistics: Operation<
  DescribeUserFlowStatisticsRequest,
  ReadonlyMap<string, UserTraffic>
> = {
  name: 'DescribeUserFlowStatistics',
  writes: false,
  parameters: (request) => ({
    RegionId: request.regionId,
    SmartAGId: request.instanceId,
    UserNames: request.userNames,
  }),
  reply: reply({ SagStatistics: list('Statistics', statistics) }).transform(
    (wire) =>
      new Map(
        wire.SagStatistics.flatMap(({ UserName, TotalBytes, TotalLeaveBytes }) => {
          if (TotalBytes === undefined) return [];
          const remaining = TotalLeaveBytes === undefined ? {} : { remaining: TotalLeaveBytes };
          return [[UserName, { month: TotalBytes, ...remaining }] as const];
        }),
      ),
  ),
  gaps: [
    emptyList('SagStatistics', 'Statistics'),
    figuresOfAsked('SagStatistics', 'Statistics', {
      id: 'UserName',
      figure: 'TotalBytes',
      readable: amount,
      asked: ({ userNames }) => userNames,
    }),
  ],
};
