import { z } from 'zod';
import type { UserTraffic } from '../../model/user.ts';
import { emptyList, figuresOfAsked } from '../gaps.ts';
import type { Operation, Request } from '../operation.ts';
import { amount, list, reply, requiredText } from '../wire.ts';

/** Maximum number of users in a call (API page of the operation). */
export const USERS_PER_TRAFFIC_CALL = 50;

export interface DescribeUserFlowStatisticsRequest extends Request {
  readonly instanceId: string;
  /** From 1 to 50 names. */
  readonly userNames: readonly string[];
}

const statistics = z.object({
  UserName: requiredText,
  TotalBytes: amount,
  TotalLeaveBytes: amount,
});

/**
 * Reads the traffic of users in the API's current month. No date is sent, because the time zone of dates is
 * not documented. A user whose traffic cannot be read is left out.
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
