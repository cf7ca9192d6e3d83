import type { Region, SkipCause, SkippedRegion } from '../model/region.ts';
import { hostOf } from './transport/endpoints.ts';

interface Skip {
  readonly cause: SkipCause;
  readonly reason: string;
}

/**
 * Words in the names of regions that customers cannot use. The Chinese words were collected from real replies
 * (aliyun/alibabacloud-aiops-skills, alibabacloud-smartag-pilot, 2026-05). These mark ap-southeast-2 as
 * closed and cn-hangzhou-test-306 as an internal test. The English words are those of the product's endpoint
 * page, and of the name of ap-southeast-2 in English.
 */
const MARKS: readonly (Skip & { readonly pattern: RegExp })[] = [
  {
    pattern: /已关停|已下线|\b(closed|decommissioned)\b/i,
    cause: 'closed',
    reason: 'it is closed',
  },
  {
    pattern: /内部测试|\binternal\b/i,
    cause: 'internal',
    reason: 'it is for internal tests',
  },
];

/** The regions in which the exporter looks for instances, and those that it skips. */
export interface RegionChoice {
  readonly taken: readonly string[];
  readonly skipped: readonly SkippedRegion[];
}

/**
 * Chooses regions from the list of the API. It takes those that are not marked as closed or internal and
 * whose endpoint is the one that the exporter would call. If no region of the list has such an endpoint (an
 * old sample of the documents has other hosts), endpoints are ignored.
 */
export function chooseRegions(regions: readonly Region[]): RegionChoice {
  const looksAtEndpoints = regions.some(({ id, endpoint }) => endpoint === hostOf(id));
  const taken: string[] = [];
  const skipped: SkippedRegion[] = [];
  for (const region of regions) {
    const skip = markOf(region) ?? (looksAtEndpoints ? otherEndpoint(region) : undefined);
    if (!skip) taken.push(region.id);
    else skipped.push({ regionId: region.id, name: region.name, ...skip });
  }
  return { taken, skipped };
}

function markOf({ name }: Region): Skip | undefined {
  const mark = MARKS.find(({ pattern }) => pattern.test(name));
  return mark && { cause: mark.cause, reason: mark.reason };
}

function otherEndpoint({ id, endpoint }: Region): Skip | undefined {
  if (endpoint === undefined || endpoint === hostOf(id)) return undefined;
  return { cause: 'endpoint', reason: `its endpoint is ${endpoint}, not ${hostOf(id)}` };
}

/** The reason for skipping a region whose endpoint has a host name that does not resolve. */
export function unresolvedReason(regionId: string): string {
  return `the name ${hostOf(regionId)} does not resolve; it is tried again at the next discovery`;
}

/** Describes a skipped region for logs and reports. */
export function describeSkipped({ regionId, name, reason }: SkippedRegion): string {
  return `${regionId}${name === '' ? '' : ` (${name})`}: ${reason}`;
}
