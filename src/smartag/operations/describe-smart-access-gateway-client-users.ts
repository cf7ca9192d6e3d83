import { z } from 'zod';
import type { User } from '../../model/user.ts';
import type { Page } from '../lists/paging.ts';
import type { Operation, Request } from '../operation.ts';
import { kilobits } from '../units.ts';
import { amount, count, flag, list, number, reply, requiredText, text, withList } from '../wire.ts';

export interface DescribeSmartAccessGatewayClientUsersRequest extends Request {
  readonly instanceId: string;
  readonly pageNumber: number;
  readonly pageSize: number;
}

const user = z
  .object({
    UserName: requiredText,
    UserMail: text,
    ClientIp: text,
    Bandwidth: amount,
    AccelerateBandwidth: amount,
    State: number,
    IsStaticIp: flag,
  })
  .transform(
    (wire): User => ({
      name: wire.UserName,
      enabled: wire.State !== 1,
      staticIp: wire.IsStaticIp ?? false,
      ...(wire.UserMail && { mail: wire.UserMail }),
      // Without a fixed address, ClientIp is only the address of the current connection.
      ...(wire.IsStaticIp && wire.ClientIp && { clientIp: wire.ClientIp }),
      ...(wire.Bandwidth !== undefined && { bandwidth: kilobits(wire.Bandwidth) }),
      ...(wire.AccelerateBandwidth !== undefined && {
        acceleratedBandwidth: kilobits(wire.AccelerateBandwidth),
      }),
    }),
  );

/** Lists the users (client accounts) of an instance, a page at a time. */
export const describeSmartAccessGatewayClientUsers: Operation<
  DescribeSmartAccessGatewayClientUsersRequest,
  Page<User>
> = {
  name: 'DescribeSmartAccessGatewayClientUsers',
  writes: false,
  parameters: (request) => ({
    RegionId: request.regionId,
    SmartAGId: request.instanceId,
    PageNumber: request.pageNumber,
    PageSize: request.pageSize,
  }),
  reply: withList(
    'Users',
    'User',
    reply({
      TotalCount: count,
      PageSize: count,
      Users: list('User', user.nullable().catch(null)),
    }).transform((wire) => ({
      items: wire.Users,
      totalCount: wire.TotalCount,
      pageSize: wire.PageSize,
    })),
  ),
};
