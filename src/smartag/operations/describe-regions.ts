import { z } from 'zod';
import type { Operation, Request } from '../operation.ts';
import { list, reply, requiredText, withList } from '../wire.ts';

/** The regions where the product exists. */
export const describeRegions: Operation<Request, readonly string[]> = {
  name: 'DescribeRegions',
  writes: false,
  parameters: (request) => ({ RegionId: request.regionId, AcceptLanguage: 'en-US' }),
  reply: withList(
    'Regions',
    'Region',
    reply({
      Regions: list('Region', z.object({ RegionId: requiredText })),
    }).transform((wire) => wire.Regions.map((region) => region.RegionId)),
  ),
};
