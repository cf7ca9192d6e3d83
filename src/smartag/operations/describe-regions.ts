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

/** Lists all regions of the product, also closed and internal ones, with Chinese names. */
export const describeRegions: Operation<Request, readonly Region[]> = {
  name: 'DescribeRegions',
  writes: false,
  // MARKS in region-marks.ts were collected from Chinese names.
  parameters: (request) => ({ RegionId: request.regionId, AcceptLanguage: 'zh-CN' }),
  reply: withList(
    'Regions',
    'Region',
    reply({ Regions: list('Region', region) }).transform((wire) => wire.Regions),
  ),
};
