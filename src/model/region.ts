/** A region as the API lists it. */
export interface Region {
  readonly id: string;
  /** Name in Chinese (LocalName); empty when the API omits it. */
  readonly name: string;
  /** Host name of the API in the region (RegionEndpoint); absent when the API omits it. */
  readonly endpoint?: string;
}

/** A region that the API lists and the exporter skips. */
export interface SkippedRegion {
  readonly regionId: string;
  readonly name: string;
  readonly reason: string;
}
