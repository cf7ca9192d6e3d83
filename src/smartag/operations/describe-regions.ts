import { z } from 'zod';
import type { Region } from '../../model/region.ts';
import type { Operation, Request } from '../operation.ts';
import { list, reply, requiredText, text, withList } from '../wire.ts';

const region = z
  .object({ RegionId: requiredText, LocalName: text, RegionEndpoint: text })
  .transform(
    (wire): Region => ({
      id: wire.RegionId,
      name: wire.LocalName ?? '',
      ...(wire.RegionEndpoint && { endpoint: wire.RegionEndpoint.trim().toLowerCase() }),
    }),
  );

/** The regions that the product knows, closed and internal ones among them, with names in Chinese. */
export const describeRegions: Operation<Request, readonly Region[]> = {
  name: 'DescribeRegions',
  writes: false,
  // The marks of closed and internal regions are known best in Chinese.
  parameters: (request) => ({ RegionId: request.regionId, AcceptLanguage: 'zh-CN' }),
  reply: withList(
    'Regions',
    'Region',
    reply({ Regions: list('Region', region) }).transform((wire) => wire.Regions),
  ),
};
