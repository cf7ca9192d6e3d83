import { z } from 'zod';
import type { Session } from '../../model/session.ts';
import { emptyList, entryFields } from '../gaps.ts';
import type { Operation, Request } from '../operation.ts';
import { list, moment, reply, text } from '../wire.ts';

export interface DescribeUserOnlineClientsRequest extends Request {
  readonly instanceId: string;
  readonly userName: string;
}

/** An entry without an address or a readable time is still a client that is online. */
const session = z.object({ ClientIp: text, OnlineTime: moment }).transform(
  (wire): Session => ({
    clientIp: wire.ClientIp ?? '',
    ...(wire.OnlineTime !== undefined && { start: wire.OnlineTime }),
  }),
);

/** Reads the connected clients of one user; none when the user is offline. */
export const describeUserOnlineClients: Operation<
  DescribeUserOnlineClientsRequest,
  readonly Session[]
> = {
  name: 'DescribeUserOnlineClients',
  writes: false,
  parameters: (request) => ({
    RegionId: request.regionId,
    SmartAGId: request.instanceId,
    UserName: request.userName,
  }),
  reply: reply({ Users: list('User', session) }).transform((wire) => wire.Users),
  gaps: [emptyList('Users', 'User'), entryFields('Users', 'User', ['ClientIp', 'OnlineTime'])],
};
