import type { AccountConfig } from '../../config/config.ts';
import type { Client } from '../../smartag/operation.ts';
import { describeRegions } from '../../smartag/operations/describe-regions.ts';
import { chooseRegions, type RegionChoice } from '../../smartag/region-marks.ts';
import { HOME_REGION } from '../../smartag/transport/endpoints.ts';

/**
 * The regions discovery looks at, found out where the configuration gives none, and those that it skips.
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

/** The regions that the configuration names, which are looked at whatever the API's list says. */
export function namedRegions({
  discovery,
  regions,
  instances,
}: AccountConfig): ReadonlySet<string> {
  return new Set([...instances.map(({ region }) => region), ...(discovery ? regions : [])]);
}
