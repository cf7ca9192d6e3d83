import { z } from 'zod';
import type { Instance } from '../../model/instance.ts';
import type { Page } from '../lists/paging.ts';
import type { Operation, Request } from '../operation.ts';
import { count, list, moment, reply, requiredText, text, withList } from '../wire.ts';

/** The largest page size (API page of the operation: 1 to 50). */
export const INSTANCES_PAGE_SIZE = 50;

export interface DescribeSmartAccessGatewaysRequest extends Request {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly instanceIds?: readonly string[];
}

/** Maximum number of characters that are quoted of a value that cannot be right. */
const LONGEST_QUOTE = 40;

const BYTES_PER_MEGABIT = 1e6 / 8;

/** MaxBandwidth as the API writes it, in Mbit/s: `50`, `50M`, `50Mbps`. */
const MEGABITS = /^\s*(\d+(?:\.\d+)?)\s*(?:M(?:bps|bit\/s)?)?\s*$/i;

/** HardwareVersion of an instance that is software, which includes SAG APP. */
const SOFTWARE = 'sag-software';

const instance = z
  .object({
    SmartAGId: requiredText,
    Name: text,
    Status: text,
    UserCount: count,
    MaxBandwidth: text,
    EndTime: text,
    HardwareVersion: text,
  })
  .transform((wire): Instance => {
    // 0 means unknown: a quota is at least 5, and with a bandwidth of 0 (`0M`) no user could connect.
    const usersLimit = wire.UserCount || undefined;
    const megabits = Number(MEGABITS.exec(wire.MaxBandwidth ?? '')?.[1] ?? 0) || undefined;
    const expiresAt = moment.parse(wire.EndTime);
    const doubts = [
      megabits === undefined && doubtOf('MaxBandwidth', wire.MaxBandwidth, 'the bandwidth'),
      expiresAt === undefined && doubtOf('EndTime', wire.EndTime, 'the end of the subscription'),
    ].filter((doubt) => typeof doubt === 'string');
    const hardware = wire.HardwareVersion?.trim();
    const isDevice = hardware && hardware.toLowerCase() !== SOFTWARE;
    return {
      id: wire.SmartAGId,
      name: wire.Name ?? '',
      status: wire.Status ?? '',
      ...(usersLimit !== undefined && { usersLimit }),
      ...(megabits !== undefined && { bandwidthLimit: megabits * BYTES_PER_MEGABIT }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(isDevice && { device: hardware }),
      ...(doubts.length > 0 && { doubts }),
    };
  });

/** Describes a field whose value cannot be right; an empty field or 0 means unknown, and is not described. */
function doubtOf(field: string, value: string | undefined, meaning: string): string | undefined {
  if (!value?.trim() || value.trim() === '0') return undefined;
  return `${field} of the API is ${JSON.stringify(value.slice(0, LONGEST_QUOTE))}: ${meaning} is unknown.`;
}

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
