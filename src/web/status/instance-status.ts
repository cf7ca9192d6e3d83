import { SEVERITY } from '../../fleet/levels.ts';
import { mapStages } from '../../model/stage.ts';
import type { Messages } from '../messages/index.ts';
import type { InstanceHealth } from './instance-health.ts';
import type { InstanceStatus } from './schema.ts';
import { type AgeCheck, errorStatus, stageStatus } from './stage-status.ts';
import { ageOf, isoTime } from './times.ts';

export function instanceStatus(
  health: InstanceHealth,
  ageCheck: AgeCheck,
  messages: Messages,
): InstanceStatus {
  const { record, visible, condition, findings, errors, users, seats, subscription } = health;
  const { presence } = record;
  const { watchedSince } = presence;
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
    errors: errors.map((error) => errorStatus(error, messages)),
    users,
    usersEnabled: visible.users?.enabled.users,
    usersDisabled: visible.users?.disabled.users,
    usersLimit: visible.usersLimit,
    usersLimitUsedRatio: seats?.ratio,
    usersLimitLevel: seats && SEVERITY[seats.level],
    usersLimitState: seats?.level,
    usersFree: seats?.free,
    usersUnused: [...health.unused],
    watchedSince: isoTime(watchedSince),
    watchedSeconds:
      watchedSince === undefined ? undefined : Math.round(presence.watchedFor(ageCheck.now)),
    onlineUsers: online?.totals?.users,
    onlineClients: online?.totals?.clients,
    oldestSessionStart: isoTime(sessions?.oldestStart),
    oldestSessionSeconds: ageOf(sessions?.oldestStart, ageCheck.now),
    sessionsStarted: counters.sessionsStarted,
    sessionsEnded: counters.sessionsEnded,
    doubts: [...visible.doubts],
    bandwidthLimitBytesPerSecond: visible.bandwidthLimit,
    bandwidthAllocatedBytesPerSecond: visible.users?.enabled.bandwidth,
    subscriptionEnd: isoTime(subscription?.end),
    subscriptionState: subscription?.level,
    subscriptionLeftSeconds: subscription && Math.round(subscription.left),
    subscriptionOverSeconds: subscription && Math.round(subscription.over),
    stages: mapStages(stages, (record) => stageStatus(record, ageCheck, messages)),
  };
}
