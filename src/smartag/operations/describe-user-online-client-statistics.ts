import { onlineCounts } from '../online-counts.ts';
import type { Operation, Request } from '../operation.ts';

/** Maximum number of users in a call (API page of the operation). */
export const USERS_PER_CALL = 50;

export interface DescribeUserOnlineClientStatisticsRequest extends Request {
  readonly instanceId: string;
  /** From 1 to 50 names. */
  readonly userNames: readonly string[];
}

/** Counts online clients of users. Users with an unreadable count are left out; the API leaves out some users too. */
export const describeUserOnlineClientStatistics: Operation<
  DescribeUserOnlineClientStatisticsRequest,
  ReadonlyMap<string, number>
> = {
  name: 'DescribeUserOnlineClientStatistics',
  writes: false,
  parameters: (request) => ({
    RegionId: request.regionId,
    SmartAGId: request.instanceId,
    UserNames: request.userNames,
  }),
  ...onlineCounts('UserStatistics', 'UserName', ({ userNames }) => userNames),
};
