import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { type VisibleInstance, visibleInstance } from '../../fleet/visible.ts';
import type { InstanceId } from '../../model/instance.ts';
import { INSTANCE_STAGES, POSSIBLE_STAGES } from '../../model/stage.ts';
import { CRITICAL_RATIO, limitLevel, WARNING_RATIO } from './limit-level.ts';
import type { InstanceStatus } from './schema.ts';
import { type Look, stageStatus } from './stage-status.ts';
import { ageOf, isoTime } from './times.ts';

/** How an instance fares, as far as lists of many are sorted and summed by it. */
export interface Standing {
  readonly record: InstanceRecord;
  readonly visible: VisibleInstance;
  readonly condition: InstanceStatus['condition'];
  readonly users: number | undefined;
  /** Users as a share of the limit; a limit of 0 is as full as can be. */
  readonly ratio: number | undefined;
}

/** @param staleAfter milliseconds without success after which a stage may be stale */
export function standingOf(fleet: Fleet, record: InstanceRecord, staleAfter: number): Standing {
  const visible = visibleInstance(fleet, record, staleAfter);
  const { users: known, usersLimit: limit } = visible;
  const users = known && known.enabled.users + known.disabled.users;
  const ratio =
    users === undefined || limit === undefined
      ? undefined
      : limit > 0
        ? users / limit
        : Number(users > 0);
  const condition = conditionOf(fleet, record, staleAfter, ratio);
  return { record, visible, condition, users, ratio };
}

function conditionOf(
  fleet: Fleet,
  { id, stages }: InstanceRecord,
  staleAfter: number,
  ratio: number | undefined,
): InstanceStatus['condition'] {
  const known = POSSIBLE_STAGES.flatMap((stage) => stages[stage] ?? []);
  if (fleet.account(id.account).paused || known.some(({ ended }) => ended === 'badly')) {
    return 'down';
  }
  if (ratio !== undefined && ratio >= CRITICAL_RATIO) return 'critical';
  if (known.some((stage) => stage.isStale(staleAfter))) return 'warning';
  if (ratio !== undefined && ratio >= WARNING_RATIO) return 'warning';
  return INSTANCE_STAGES.some((stage) => stages[stage].ended === 'never') ? 'starting' : 'ok';
}

/** All that is told of an instance. */
export function instanceStatus(standing: Standing, look: Look): InstanceStatus {
  const { visible, condition, users, ratio } = standing;
  const { id, info, online, sessions, counters, stages } = visible;
  const { users: usersStage, traffic } = stages;
  return {
    account: id.account.toWellFormed(),
    regionId: id.regionId.toWellFormed(),
    instanceId: id.instanceId.toWellFormed(),
    name: textOf(info?.name),
    status: textOf(info?.status),
    up: visible.up,
    condition,
    users,
    usersEnabled: visible.users?.enabled.users,
    usersDisabled: visible.users?.disabled.users,
    usersLimit: visible.usersLimit,
    usersLimitUsedRatio: ratio,
    usersLimitLevel: ratio === undefined ? undefined : limitLevel(ratio),
    onlineUsers: online?.totals?.users,
    onlineClients: online?.totals?.clients,
    oldestSessionStart: isoTime(sessions?.oldestStart),
    oldestSessionSeconds: ageOf(sessions?.oldestStart, look.now),
    sessionsStarted: counters.sessionsStarted,
    sessionsEnded: counters.sessionsEnded,
    bandwidthLimitBytesPerSecond: visible.bandwidthLimit,
    bandwidthAllocatedBytesPerSecond: visible.users?.enabled.bandwidth,
    subscriptionEnd: isoTime(visible.expiresAt),
    stages: {
      users: stageStatus(usersStage, look),
      online: stageStatus(stages.online, look),
      sessions: stageStatus(stages.sessions, look),
      traffic: traffic && stageStatus(traffic, look),
    },
  };
}

/** What the API left out, or left empty, is absent. */
function textOf(text: string | undefined): string | undefined {
  return text ? text.toWellFormed() : undefined;
}

/** The instance that a path names, whose parts are well-formed although its own may not be. */
export function findInstance(fleet: Fleet, id: InstanceId): InstanceRecord | undefined {
  const exact = fleet.instance(id);
  if (exact) return exact;
  for (const record of fleet.instances) {
    const { account, regionId, instanceId } = record.id;
    if (
      account.toWellFormed() === id.account &&
      regionId.toWellFormed() === id.regionId &&
      instanceId.toWellFormed() === id.instanceId
    ) {
      return record;
    }
  }
  return undefined;
}
