import { SEVERITY } from '../../fleet/levels.ts';
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
    account: id.account,
    regionId: id.regionId,
    instanceId: id.instanceId,
    name: info?.name || undefined,
    status: info?.status || undefined,
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
    doubts: [...visible.doubts],
    bandwidthLimitBytesPerSecond: visible.bandwidthLimit,
    bandwidthAllocatedBytesPerSecond: visible.users?.enabled.bandwidth,
    subscriptionEnd: isoTime(subscription?.end),
    subscriptionState: subscription?.level,
    subscriptionLeftSeconds: subscription && Math.round(subscription.left),
    subscriptionOverSeconds: subscription && Math.round(subscription.over),
    stages: mapStages(stages, (record) => stageStatus(record, look)),
  };
}
