/**
 * Regions whose endpoint the product's endpoint page names (2025-07-31), without Sydney
 * (ap-southeast-2), which is closed. DescribeRegions may name more; without an endpoint they cannot
 * be asked, unless the configuration names region and endpoint.
 */
export const REGIONS: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-3',
  'ap-southeast-5',
  'cn-hangzhou',
  'cn-hongkong',
  'cn-shanghai',
  'cn-shanghai-finance-1',
  'eu-central-1',
]);

/** The region that is asked for the list of regions. */
export const HOME_REGION = 'cn-shanghai';

/** The API's address in a region. */
export function endpointOf(regionId: string): string {
  return `https://smartag.${regionId}.aliyuncs.com`;
}
