import type { AccountRecord } from '../../fleet/fleet.ts';
import type { AccountStatus } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { errorStatus, type Look, stageStatus } from './stage-status.ts';

/** How an account fares, with its budget. */
export function accountStatus(
  { name, up, paused, fallbacks }: AccountRecord,
  { fleet, calls, view }: StatusSources,
  look: Look,
): AccountStatus {
  return {
    name: name.toWellFormed(),
    up,
    paused: paused && errorStatus(paused),
    fallbacks: [...fallbacks].filter(([, applies]) => applies).map(([operation]) => operation),
    operations: Array.from(calls.operationsOf(name), ({ allowed, ...seen }) => ({
      ...seen,
      allowedPerSecond: allowed,
      configuredPerSecond: view().requestsPerSecond,
    })),
    regions: fleet.regionsOf(name).map(({ regionId, discovery }) => ({
      regionId: regionId.toWellFormed(),
      discovery: stageStatus(discovery, look),
    })),
  };
}
