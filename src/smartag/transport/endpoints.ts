/** The list of regions is requested from this region. */
export const HOME_REGION = 'cn-shanghai';

export function hostOf(regionId: string): string {
  return `smartag.${regionId}.aliyuncs.com`;
}

export function endpointOf(regionId: string): string {
  return `https://${hostOf(regionId)}`;
}
