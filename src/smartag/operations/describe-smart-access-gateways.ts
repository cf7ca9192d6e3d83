import { z } from 'zod';
import type { Instance } from '../../model/instance.ts';
import type { Operation, Request } from '../operation.ts';
import type { Page } from '../paging.ts';
import { amount, count, list, moment, reply, requiredText, text, withList } from '../wire.ts';

/** The largest page the operation gives (its API page: 1 to 50). */
export const INSTANCES_PAGE_SIZE = 50;

export interface DescribeSmartAccessGatewaysRequest extends Request {
  readonly pageNumber: number;
  readonly pageSize: number;
  /** Only these instances. */
  readonly instanceIds?: readonly string[];
}

const BYTES_PER_MEGABIT = 1e6 / 8;

/** MaxBandwidth as the API writes it, in Mbit/s: `50`, `50M`, `50Mbps`. */
const MEGABITS = /^\s*(\d+(?:\.\d+)?)\s*(?:M(?:bps|bit\/s)?)?\s*$/i;

const instance = z
  .object({
    SmartAGId: requiredText,
    Name: text,
    Status: text,
    UserCount: amount,
    MaxBandwidth: text,
    EndTime: moment,
  })
  .transform((wire): Instance => {
    const megabits = MEGABITS.exec(wire.MaxBandwidth ?? '')?.[1];
    return {
      id: wire.SmartAGId,
      name: wire.Name ?? '',
      status: wire.Status ?? '',
      ...(wire.UserCount !== undefined && { usersLimit: wire.UserCount }),
      ...(megabits !== undefined && { bandwidthLimit: Number(megabits) * BYTES_PER_MEGABIT }),
      ...(wire.EndTime !== undefined && { expiresAt: wire.EndTime }),
    };
  });

/** Lists the SAG APP instances (InstanceType `software`) of a region, a page at a time. */
export const describeSmartAccessGateways: Operation<
  DescribeSmartAccessGatewaysRequest,
  Page<Instance>
> = {
  name: 'DescribeSmartAccessGateways',
  writes: false,
  parameters: (request) => ({
    RegionId: request.regionId,
    InstanceType: 'software',
    PageNumber: request.pageNumber,
    PageSize: request.pageSize,
    ...(request.instanceIds && { SmartAGIds: request.instanceIds }),
  }),
  reply: withList(
    'SmartAccessGateways',
    'SmartAccessGateway',
    reply({
      TotalCount: count,
      PageSize: count,
      SmartAccessGateways: list('SmartAccessGateway', instance.nullable().catch(null)),
    }).transform((wire) => ({
      items: wire.SmartAccessGateways,
      totalCount: wire.TotalCount,
      pageSize: wire.PageSize,
    })),
  ),
};
