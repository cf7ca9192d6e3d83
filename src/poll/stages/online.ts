import { SECOND } from '../../clock.ts';
import { onlineSnapshot } from '../../fleet/snapshots.ts';
import type { OperationScope } from '../fallbacks.ts';
import { onlineCalls } from '../forecast/online-calls.ts';
import { batched } from '../strategies/batched.ts';
import { type FanOutOptions, fanOut } from '../strategies/fan-out.ts';
import { sumOf } from '../strategies/left-out.ts';
import { isTrustedZero, noteTotal } from '../strategies/zero-total.ts';
import type { OnlineFound, PolledInstance, PolledStage } from './polled-stage.ts';

export const onlineStage: PolledStage = {
  begin: (instance) => {
    const { record } = instance;
    const logTrust = trustLog(instance);
    return async (signal) => {
      // One call at a time: if the instance is still inactive, the first call shows that and ends the pass.
      const wasInactive = record.stages.online.lastError?.policy.suspendsInstance;
      const before = record.evidence.leftOutIsOffline;
      try {
        const found = await onlinePass(instance, wasInactive ? 1 : instance.parallel, signal);
        instance.onlineFound = found;
        return found.failure;
      } finally {
        logTrust(before, record.evidence.leftOutIsOffline);
      }
    };
  },
  inStep: true,
  calls: onlineCalls,
};

interface Counted extends Omit<OnlineFound, 'begun' | 'begunAt'> {
  readonly counts: ReadonlyMap<string, number>;
}

async function onlinePass(
  instance: PolledInstance,
  parallel: number,
  signal: AbortSignal,
): Promise<OnlineFound> {
  const { record, clock, settings, totals } = instance;
  const begun = clock.monotonic();
  const begunAt = clock.now() / SECOND;
  const users = record.snapshot.users?.users ?? [];
  const userNames = users.map((user) => user.name);
  const { regionId, instanceId } = record.id;
  const asksTotal = settings.strategy !== 'fan-out' && userNames.length > 0;
  const total = asksTotal ? await totals.of(regionId, instanceId) : undefined;
  const context = { evidence: record.evidence, proof: totals.proof };
  const areAllOffline = userNames.length === 0 || isTrustedZero(context, total);
  const { counts, sessions, failure }: Counted = areAllOffline
    ? { counts: new Map(userNames.map((userName) => [userName, 0])) }
    : await count(instance, { userNames, total, parallel }, signal);
  const isComplete = failure === undefined;
  const pace = Math.max(settings.onlineInterval, clock.monotonic() - begun) / SECOND;
  record.presence.counted(begunAt, counts, isComplete, pace);
  if (asksTotal) {
    const sum = sumOf(counts);
    if (total !== undefined && isComplete && sum !== total) record.counters.onlineDisagreements++;
    noteTotal(context, { total, sum, isComplete });
  }
  record.snapshot = {
    ...record.snapshot,
    online: onlineSnapshot(users, counts, record.snapshot.online),
  };
  return { begun, begunAt, ...(sessions && { sessions }), ...(failure && { failure }) };
}

/** Counts in batches. Counts user by user with `fan-out`, and where `auto` cannot count in batches. */
async function count(
  { record, client, fallbacks, settings: { strategy } }: PolledInstance,
  options: {
    readonly userNames: readonly string[];
    readonly total: number | undefined;
    readonly parallel: number;
  },
  signal: AbortSignal,
): Promise<Counted> {
  const { regionId, instanceId } = record.id;
  const scope: OperationScope = {
    operation: 'DescribeUserOnlineClientStatistics',
    regionId,
    instanceId,
  };
  const onProgress = (share: number): void => record.stages.online.advance(share);
  const before = record.snapshot.online?.clients ?? new Map<string, number>();
  const wasOnline = (userName: string): boolean => (before.get(userName) ?? 0) > 0;
  const request = { ...options, client, regionId, instanceId, onProgress, wasOnline };
  if (strategy === 'fan-out' || fallbacks.applies(scope)) return countSingly(request, signal);
  try {
    const result = await batched({ ...request, before, evidence: record.evidence }, signal);
    fallbacks.noteSuccess(scope);
    return result;
  } catch (error) {
    if (strategy === 'auto' && fallbacks.note(scope, error)) return countSingly(request, signal);
    throw error;
  }
}

async function countSingly(request: FanOutOptions, signal: AbortSignal): Promise<Counted> {
  const { answers, failure } = await fanOut(request, signal);
  const counts = new Map(Array.from(answers, ([name, sessions]) => [name, sessions.length]));
  return { counts, sessions: answers, ...(failure && { failure }) };
}

/**
 * Logs when the users whom the statistics leave out stop counting as offline, and when they count as offline
 * again.
 */
function trustLog({ log }: PolledInstance): (before: boolean, after: boolean) => void {
  const stageLog = log.child({ stage: 'online' });
  let hasEnded = false;
  return (before, after) => {
    if (before && !after) {
      hasEnded = true;
      stageLog.warn(
        'the user statistics leave out a user who is online; users whom they leave out are asked one by one until all of them are offline',
      );
    } else if (after && hasEnded) {
      hasEnded = false;
      stageLog.info('users whom the user statistics leave out count as offline again');
    }
  };
}
