import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import { SEVERITY } from '../../fleet/levels.ts';
import type { InstanceId } from '../../model/instance.ts';
import { mapStages } from '../../model/stage.ts';
import type { InstanceHealth } from './instance-health.ts';
import type { InstanceStatus } from './schema.ts';
import { errorStatus, type Look, stageStatus } from './stage-status.ts';
import { ageOf, isoTime } from './times.ts';

/** All that is told of an instance. */
export function instanceStatus(health: InstanceHealth, look: Look): InstanceStatus {
  const { visible, condition, findings, errors, users, seats, subscription } = health;
  const { id, info, online, sessions, counters, stages } = visible;
  return {
    account: id.account.toWellFormed(),
    regionId: id.regionId.toWellFormed(),
    instanceId: id.instanceId.toWellFormed(),
    name: textOf(info?.name),
    status: textOf(info?.status),
    up: visible.up,
    condition,
    findings: [...findings],
    errors: errors.map(errorStatus),
    users,
    usersEnabled: visible.users?.enabled.users,
    usersDisabled: visible.users?.disabled.users,
    usersLimit: visible.usersLimit,
    usersLimitUsedRatio: seats?.ratio,
    usersLimitLevel: seats && SEVERITY[seats.level],
    usersLimitState: seats?.level,
    usersFree: seats?.free,
    onlineUsers: online?.totals?.users,
    onlineClients: online?.totals?.clients,
    oldestSessionStart: isoTime(sessions?.oldestStart),
    oldestSessionSeconds: ageOf(sessions?.oldestStart, look.now),
    sessionsStarted: counters.sessionsStarted,
    sessionsEnded: counters.sessionsEnded,
    doubts: visible.doubts.map((doubt) => doubt.toWellFormed()),
    bandwidthLimitBytesPerSecond: visible.bandwidthLimit,
    bandwidthAllocatedBytesPerSecond: visible.users?.enabled.bandwidth,
    subscriptionEnd: isoTime(subscription?.end),
    subscriptionState: subscription?.level,
    subscriptionLeftSeconds: subscription && Math.round(subscription.left),
    subscriptionOverSeconds: subscription && Math.round(subscription.over),
    stages: mapStages(stages, (record) => stageStatus(record, look)),
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
