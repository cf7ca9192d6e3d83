/** A region as the API lists it. */
export interface Region {
  readonly id: string;
  /** Name in Chinese (LocalName); empty when the API omits it. */
  readonly name: string;
  /** Host name of the API in the region (RegionEndpoint); absent when the API omits it. */
  readonly endpoint?: string;
}

/** Why a region is skipped. */
export const SKIP_CAUSES = ['closed', 'internal', 'endpoint', 'unresolved'] as const;

export type SkipCause = (typeof SKIP_CAUSES)[number];

/** A region that the API lists and the exporter skips. */
export interface SkippedRegion {
  readonly regionId: string;
  readonly name: string;
  /** In English. */
  readonly reason: string;
  /** Absent when an earlier version of the exporter has kept the region. */
  readonly cause?: SkipCause;
}
