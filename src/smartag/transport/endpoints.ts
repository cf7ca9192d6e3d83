/** The list of regions is requested from this region. */
export const HOME_REGION = 'cn-shanghai';

/** Host name of the API in a region. */
export function hostOf(regionId: string): string {
  return `smartag.${regionId}.aliyuncs.com`;
}

/** The API's address in a region. */
export function endpointOf(regionId: string): string {
  return `https://${hostOf(regionId)}`;
}
