import type { AccountConfig } from '../config/config.ts';
import { HOME_REGION, REGIONS } from '../smartag/endpoints.ts';
import type { Client } from '../smartag/operation.ts';
import { describeRegions } from '../smartag/operations/describe-regions.ts';

/**
 * The regions discovery looks at, found out where the configuration gives none.
 *
 * @throws ApiError; the signal's reason
 */
export async function regionsOf(
  account: AccountConfig,
  client: Client,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const regions = new Set(account.instances.map(({ region }) => region));
  if (!account.discovery) return [...regions];
  for (const region of account.regions) regions.add(region);
  if (account.regions.length === 0) {
    const found = await client.call(describeRegions, { regionId: HOME_REGION }, signal);
    for (const region of found) {
      if (account.endpoint !== undefined || REGIONS.has(region)) regions.add(region);
    }
  }
  return [...regions];
}
