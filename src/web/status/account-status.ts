import type { AccountRecord } from '../../fleet/fleet.ts';
import { BATCHED_OPERATIONS, fallbackTexts } from '../../model/fallback.ts';
import type { AccountStatus } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { errorStatus, type Look, stageStatus } from './stage-status.ts';
import { isoTime } from './times.ts';

/** How an account fares, with its budget. */
export function accountStatus(
  { name, up, paused, fallbacks, skippedRegions }: AccountRecord,
  { fleet, calls, view }: StatusSources,
  look: Look,
): AccountStatus {
  return {
    name,
    up,
    paused: paused && errorStatus(paused),
    fallbacks: BATCHED_OPERATIONS.filter((name) =>
      fallbacks.some(({ operation }) => operation === name),
    ),
    fallbackPlaces: fallbacks.map((fallback) => {
      const { severity, problem, effect } = fallbackTexts(fallback);
      return {
        operation: fallback.operation,
        reason: fallback.reason,
        regionId: fallback.regionId,
        instanceId: fallback.instanceId,
        severity,
        text: `${problem}: ${effect}.`,
      };
    }),
    operations: Array.from(calls.operationsOf(name), ({ allowed, pausedUntil = 0, ...seen }) => ({
      ...seen,
      pausedUntil: pausedUntil > look.now ? isoTime(pausedUntil) : undefined,
      allowedPerSecond: allowed,
      configuredPerSecond: view().requestsPerSecond,
    })),
    skippedRegions: Array.from(skippedRegions.values(), (region) => ({
      regionId: region.regionId,
      name: region.name || undefined,
      reason: region.reason,
    })),
    regions: fleet.regionsOf(name).map(({ regionId, discovery }) => ({
      regionId,
      discovery: stageStatus(discovery, look),
    })),
  };
}
