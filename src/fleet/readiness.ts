import { lacksCredentials } from '../model/api-error.ts';
import { INSTANCE_STAGES, type InstanceStage, STAGES } from '../model/stage.ts';
import type { Fleet, InstanceRecord } from './fleet.ts';
import type { NotReady } from './not-ready.ts';
import type { StageRecord } from './stage-record.ts';

/** The number of reasons that are listed; the rest is only counted. */
const REASONS_SHOWN = 20;
/** The number of unread instances that are named; the rest is only counted. */
const INSTANCES_NAMED = 3;

/**
 * The reasons why the exporter is not ready. It is ready, and there are none, when every first discovery pass
 * and the first passes of each instance's essential stages have ended, whether they succeeded or failed. Data
 * that an earlier process has left replaces a first pass while it is not stale.
 *
 * @param staleAfter milliseconds without success after which a stage may be stale
 */
export function reasonsNotReady(fleet: Fleet, staleAfter: number): readonly NotReady[] {
  const reasons: NotReady[] = [];
  for (const { name, paused, regionsPending } of fleet.accounts) {
    // An account whose credentials are refused ends its first passes. Missing credentials must be added by
    // the operator, unless there is data to show without them.
    if (paused && lacksCredentials(paused) && !isFresh(fleet.instancesOf(name), staleAfter)) {
      reasons.push({ kind: 'credentials', account: name, message: paused.message });
    }
    // The empty region id stands for reading the list of regions.
    const isListPending = fleet
      .regionsOf(name)
      .some(({ regionId, discovery }) => regionId === '' && isDiscoveryPending(discovery));
    if (regionsPending || isListPending) reasons.push({ kind: 'regions', account: name });
  }
  for (const { account, regionId, discovery } of fleet.regions) {
    if (regionId === '' || !isDiscoveryPending(discovery)) continue;
    reasons.push({ kind: 'discovery', account, regionId });
  }
  const unread = unreadInstances(fleet, staleAfter);
  if (unread) reasons.push(unread);
  if (reasons.length <= REASONS_SHOWN) return reasons;
  const more = reasons.length - REASONS_SHOWN;
  return [...reasons.slice(0, REASONS_SHOWN), { kind: 'more', reasons: more }];
}

/** A single reason covers all unread instances: a large fleet has many of them at its start. */
function unreadInstances(fleet: Fleet, staleAfter: number): NotReady | undefined {
  let all = 0;
  const unread: { instanceId: string; stage: InstanceStage }[] = [];
  for (const record of fleet.instances) {
    all++;
    const stage = pendingStage(record, staleAfter);
    if (stage) unread.push({ instanceId: record.id.instanceId, stage });
  }
  if (unread.length === 0) return undefined;
  const waiting = unread.slice(0, INSTANCES_NAMED);
  const more = unread.length - waiting.length;
  return { kind: 'instances', read: all - unread.length, all, waiting, more };
}

function pendingStage(
  { stages, snapshot }: InstanceRecord,
  staleAfter: number,
): InstanceStage | undefined {
  return INSTANCE_STAGES.find((stage) => {
    const { isEssential, after } = STAGES[stage];
    const record = stages[stage];
    // The online pass cannot begin if the list of users could not be read.
    const canBegin = after === undefined || snapshot[after] !== undefined;
    return isEssential && canBegin && record && isPending(record, staleAfter);
  });
}

/** A pass without any credentials made no call, so it does not count as the first pass. */
function isPending(stage: StageRecord, staleAfter: number): boolean {
  if (hasFreshData(stage, staleAfter)) return false;
  return !stage.hasEnded || lacksCredentials(stage.lastError);
}

/** Instances that an earlier discovery has found are known, however long ago that was. */
function isDiscoveryPending({ ended, lastSuccess, lastError }: StageRecord): boolean {
  return ended === 'never' || (lastSuccess === undefined && lacksCredentials(lastError));
}

/** Whether there are instances, and each of them has fresh data of every essential stage. */
function isFresh(instances: readonly InstanceRecord[], staleAfter: number): boolean {
  const essential = INSTANCE_STAGES.filter((stage) => STAGES[stage].isEssential);
  const isRead = ({ stages }: InstanceRecord): boolean =>
    essential.every((stage) => hasFreshData(stages[stage], staleAfter));
  return instances.length > 0 && instances.every(isRead);
}

function hasFreshData(stage: StageRecord | undefined, staleAfter: number): boolean {
  return stage?.lastSuccess !== undefined && !stage.isStale(staleAfter);
}
