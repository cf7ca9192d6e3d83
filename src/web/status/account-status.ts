import type { AccountRecord } from '../../fleet/fleet.ts';
import { BATCHED_OPERATIONS, fallbackTexts } from '../../model/fallback.ts';
import type { Messages } from '../messages/index.ts';
import type { AccountStatus } from './schema.ts';
import type { StatusSources } from './sources.ts';
import { type AgeCheck, errorStatus, stageStatus } from './stage-status.ts';
import { isoTime } from './times.ts';

export function accountStatus(
  { name, up, paused, fallbacks, skippedRegions }: AccountRecord,
  { fleet, calls, view }: StatusSources,
  ageCheck: AgeCheck,
  messages: Messages,
): AccountStatus {
  return {
    name,
    up,
    paused: paused && errorStatus(paused, messages),
    fallbacks: BATCHED_OPERATIONS.filter((name) =>
      fallbacks.some(({ operation }) => operation === name),
    ),
    fallbackPlaces: fallbacks.map((fallback) => {
      const { problem, effect } = messages.errors.fallback(fallback);
      return {
        operation: fallback.operation,
        reason: fallback.reason,
        regionId: fallback.regionId,
        instanceId: fallback.instanceId,
        severity: fallbackTexts(fallback).severity,
        text: messages.problems.fallbackOfAccount(problem, effect),
      };
    }),
    operations: Array.from(calls.operationsOf(name), ({ allowed, pausedUntil = 0, ...calls }) => ({
      ...calls,
      pausedUntil: pausedUntil > ageCheck.now ? isoTime(pausedUntil) : undefined,
      allowedPerSecond: allowed,
      configuredPerSecond: view().requestsPerSecond,
    })),
    skippedRegions: Array.from(skippedRegions.values(), (region) => ({
      regionId: region.regionId,
      name: region.name || undefined,
      reason: messages.errors.skipReason(region),
    })),
    regions: fleet.regionsOf(name).map(({ regionId, discovery }) => ({
      regionId,
      discovery: stageStatus(discovery, ageCheck, messages),
    })),
  };
}
