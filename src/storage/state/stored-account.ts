import { z } from 'zod';
import type { RegionData } from '../../fleet/instance-data.ts';
import { DENIED_KINDS } from '../../model/api-error.ts';
import { BATCHED_OPERATIONS } from '../../model/fallback.ts';
import type { Learned } from '../../model/learned.ts';
import { SKIP_CAUSES } from '../../model/region.ts';
import { jsonSlices } from '../json-slices.ts';
import type { StateFormat } from '../state-file.ts';
import { number, stageData, text } from './values.ts';

export interface StoredRegion extends RegionData {
  /** Ids of the instances in the region, so that the next process notices when one of their files is missing. */
  readonly instanceIds: readonly string[];
}

/** The data of an account of the configuration as an exporter left it. */
export interface StoredAccount {
  /** Seconds since the epoch. */
  readonly writtenAt: number;
  readonly account: string;
  readonly regions: readonly StoredRegion[];
  /** Whether its newest call was authenticated and answered; absent in files of older versions. */
  readonly isUp?: boolean;
  /** Absent when nothing was learned yet. */
  readonly learned?: Learned;
}

/** To be raised when an older exporter would misread what this one writes. */
const VERSION = 1;

const content = z.object({
  version: z.literal(VERSION),
  writtenAt: number,
  account: text,
  isUp: z.boolean().exactOptional(),
  regions: z.array(z.object({ regionId: text, discovery: stageData, instanceIds: z.array(text) })),
  learned: z
    .object({
      endpoint: text.exactOptional(),
      rates: z.array(z.object({ operation: text, rate: number, ceiling: number.exactOptional() })),
      partsLeftOut: z.array(text),
      userPaging: z.object({
        totalCount: z.enum(['unknown', 'list', 'page']),
        hasTotals: z.boolean(),
        longestPage: number,
      }),
      areTotalsRight: z.boolean(),
      isUserCountUsers: z.boolean(),
      fallbacks: z.array(
        z.object({
          operation: z.enum(BATCHED_OPERATIONS),
          reason: z.enum(DENIED_KINDS),
          regionId: text,
          instanceId: text.optional(),
        }),
      ),
      skippedRegions: z.array(
        z.object({
          regionId: text,
          name: text,
          reason: text,
          cause: z.enum(SKIP_CAUSES).exactOptional(),
        }),
      ),
      inStepWith: number,
      discoveredWith: text,
    })
    .exactOptional(),
});

export const ACCOUNT_FORMAT: StateFormat<StoredAccount> = {
  version: VERSION,
  schema: content.transform(({ regions, ...others }): StoredAccount => {
    const { writtenAt, account } = others;
    return {
      ...others,
      regions: regions.map((region) => ({ writtenAt, account, ...region })),
    };
  }),
};

/** The JSON text of an account's state file in pieces. */
export function accountSlices(stored: StoredAccount): Iterable<string> {
  const { regions, ...others } = stored;
  const rows = regions.map(({ regionId, discovery, instanceIds }) => ({
    regionId,
    discovery,
    instanceIds,
  }));
  return jsonSlices({ version: VERSION, ...others }, { regions: rows });
}
