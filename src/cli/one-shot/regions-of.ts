import type { AccountConfig } from '../../config/config.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeRegions } from '../../smartag/operations/describe-regions.ts';
import { chooseRegions, type RegionChoice } from '../../smartag/region-marks.ts';
import { HOME_REGION } from '../../smartag/transport/endpoints.ts';

/**
 * The regions in which discovery looks for instances, and those that it skips. Calls the API only when
 * the configuration names no regions.
 *
 * @throws ApiError; the signal's reason
 */
export async function regionsOf(
  account: AccountConfig,
  client: Client,
  signal: AbortSignal,
): Promise<RegionChoice> {
  const named = namedRegions(account);
  if (!account.discovery || account.regions.length > 0) return { taken: [...named], skipped: [] };
  const list = await client.call(describeRegions, { regionId: HOME_REGION }, signal);
  const { taken, skipped } = chooseRegions(list);
  return {
    taken: [...new Set([...named, ...taken])],
    skipped: skipped.filter(({ regionId }) => !named.has(regionId)),
  };
}

/** The regions that the configuration names. They are used even if the API's list leaves them out. */
export function namedRegions({
  discovery,
  regions,
  instances,
}: AccountConfig): ReadonlySet<string> {
  return new Set([...instances.map(({ region }) => region), ...(discovery ? regions : [])]);
}

export function discoversIn({ discovery, regions }: AccountConfig, regionId: string): boolean {
  return discovery && (regions.length === 0 || regions.includes(regionId));
}
