import { z } from 'zod';
import { emptyList, figuresOfAsked } from '../gaps.ts';
import type { Operation, Request } from '../operation.ts';
import { clients, list, reply, requiredText } from '../wire.ts';

/** Maximum number of users in a call (API page of the operation). */
export const USERS_PER_CALL = 50;

export interface DescribeUserOnlineClientStatisticsRequest extends Request {
  readonly instanceId: string;
  /** From 1 to 50 names. */
  readonly userNames: readonly string[];
}

const statistics = z.object({ UserName: requiredText, OnlineCount: clients });

/**
 * Counts online clients of users. Users with an unreadable count are left out; the API itself leaves out some
 * users too.
 */
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
  reply: reply({ UserStatistics: list('Statistics', statistics) }).transform(
    (wire) =>
      new Map(
        wire.UserStatistics.flatMap(({ UserName, OnlineCount }) =>
          OnlineCount === undefined ? [] : [[UserName, OnlineCount] as const],
        ),
      ),
  ),
  gaps: [
    emptyList('UserStatistics', 'Statistics'),
    figuresOfAsked('UserStatistics', 'Statistics', {
      id: 'UserName',
      figure: 'OnlineCount',
      readable: clients,
      asked: ({ userNames }) => userNames,
    }),
  ],
};
