import type { StageRecord } from '../../fleet/stage-record.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { UserTotals } from '../../model/snapshot.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import { defineMetric, ifKnown, type Sample } from '../metric.ts';

const STATE = { state: 'Whether the users are enabled or disabled.' } as const;
const STAGE = {
  stage: `Stage of the polling: ${INSTANCE_STAGES.join(', ').replace(/, (?=[^,]*$)/, ' or ')}.`,
} as const;

export const instanceInfo = defineMetric({
  name: 'sag_app_instance_info',
  help: 'A monitored SAG APP instance, as discovery saw it; always 1.',
  example:
    'sag_app_online_users * on (account, region_id, instance_id) group_left (name) max by (account, region_id, instance_id, name) (sag_app_instance_info)',
  type: 'gauge',
  unit: 'info',
  scope: 'instance',
  labels: {
    name: 'Name of the instance; empty when unknown.',
    status: 'Status the API gives, such as Active; empty when unknown.',
  },
  samples: ({ info }) => (info ? [{ labels: info, value: 1 }] : []),
});

export const instanceUp = defineMetric({
  name: 'sag_app_instance_up',
  help: 'Whether the newest attempt of every stage of the instance succeeded and its account is not paused.',
  example: 'count by (account, region_id) (sag_app_instance_up == 1)',
  type: 'gauge',
  unit: 'boolean',
  scope: 'instance',
  labels: {},
  samples: ({ up }) => ifKnown(up ? 1 : 0),
});

export const instanceExpiry = defineMetric({
  name: 'sag_app_instance_expiry_timestamp_seconds',
  help: "When the instance's subscription ends.",
  example: 'clamp_min(sag_app_instance_expiry_timestamp_seconds - time(), 0) / 86400',
  type: 'gauge',
  unit: 'timestamp_seconds',
  scope: 'instance',
  labels: {},
  samples: ({ expiresAt }) => ifKnown(expiresAt),
});

export const instanceBandwidthLimit = defineMetric({
  name: 'sag_app_instance_bandwidth_limit_bytes_per_second',
  help: 'Bandwidth the instance has in all.',
  example: '8 * sag_app_instance_bandwidth_limit_bytes_per_second',
  type: 'gauge',
  unit: 'bytes_per_second',
  scope: 'instance',
  labels: {},
  samples: ({ bandwidthLimit }) => ifKnown(bandwidthLimit),
});

export const usersLimit = defineMetric({
  name: 'sag_app_users_limit',
  help: 'Users the instance may have; enabled and disabled users both count against it.',
  example:
    'sag_app_users_limit - on (account, region_id, instance_id) sum without (state) (sag_app_users)',
  type: 'gauge',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: (instance) => ifKnown(instance.usersLimit),
});

export const users = defineMetric({
  name: 'sag_app_users',
  help: 'Users of the instance, as the newest users pass counted them.',
  example: 'sum by (account, region_id, instance_id) (sag_app_users)',
  type: 'gauge',
  unit: 'count',
  scope: 'instance',
  labels: STATE,
  samples: (instance) => byState(instance, (totals) => totals.users),
});

export const bandwidthAllocated = defineMetric({
  name: 'sag_app_bandwidth_allocated_bytes_per_second',
  help: "Sum of the users' bandwidth limits.",
  example:
    'sum without (state) (sag_app_bandwidth_allocated_bytes_per_second) / sag_app_instance_bandwidth_limit_bytes_per_second',
  type: 'gauge',
  unit: 'bytes_per_second',
  scope: 'instance',
  labels: STATE,
  samples: (instance) => byState(instance, (totals) => totals.bandwidth),
});

export const acceleratedBandwidthAllocated = defineMetric({
  name: 'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
  help: "Sum of the users' application acceleration bandwidth limits.",
  example: '8 * sum by (instance_id) (sag_app_accelerated_bandwidth_allocated_bytes_per_second)',
  type: 'gauge',
  unit: 'bytes_per_second',
  scope: 'instance',
  labels: STATE,
  samples: (instance) => byState(instance, (totals) => totals.acceleratedBandwidth),
});

export const onlineUsers = defineMetric({
  name: 'sag_app_online_users',
  help: 'Users with at least one online client, as the newest online pass saw them.',
  example: 'topk(5, sag_app_online_users)',
  type: 'gauge',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: ({ online }) => ifKnown(online?.totals?.users),
});

export const onlineClients = defineMetric({
  name: 'sag_app_online_clients',
  help: 'Online clients, summed over the users, as the newest online pass saw them.',
  example: 'sag_app_online_clients - sag_app_online_users',
  type: 'gauge',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: ({ online }) => ifKnown(online?.totals?.clients),
});

export const oldestSessionStart = defineMetric({
  name: 'sag_app_oldest_session_start_timestamp_seconds',
  help: 'When the longest-running session of the instance began; absent when nobody is online.',
  example: 'time() - sag_app_oldest_session_start_timestamp_seconds',
  type: 'gauge',
  unit: 'timestamp_seconds',
  scope: 'instance',
  labels: {},
  samples: ({ sessions }) => ifKnown(sessions?.oldestStart),
});

export const sessionsStarted = defineMetric({
  name: 'sag_app_sessions_started_total',
  help: 'Sessions seen to begin between two sessions passes.',
  example: 'increase(sag_app_sessions_started_total[1h])',
  type: 'counter',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: ({ counters }) => ifKnown(counters.sessionsStarted),
});

export const sessionsEnded = defineMetric({
  name: 'sag_app_sessions_ended_total',
  help: 'Sessions seen to end between two sessions passes.',
  example: 'rate(sag_app_sessions_started_total[1h]) - rate(sag_app_sessions_ended_total[1h])',
  type: 'counter',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: ({ counters }) => ifKnown(counters.sessionsEnded),
});

export const onlineDisagreements = defineMetric({
  name: 'sag_app_online_disagreements_total',
  help: "Online passes whose sum over the users differed from the instance's own total.",
  example: 'increase(sag_app_online_disagreements_total[1d])',
  type: 'counter',
  unit: 'count',
  scope: 'instance',
  labels: {},
  samples: ({ counters }) => ifKnown(counters.onlineDisagreements),
});

export const lastSuccess = defineMetric({
  name: 'sag_app_last_success_timestamp_seconds',
  help: 'When the stage last succeeded on the instance; its data is as old as that.',
  example: 'max by (stage) (time() - sag_app_last_success_timestamp_seconds)',
  type: 'gauge',
  unit: 'timestamp_seconds',
  scope: 'instance',
  labels: STAGE,
  samples: (instance) => byStage(instance, (stage) => stage.lastSuccess),
});

export const stageDuration = defineMetric({
  name: 'sag_app_stage_duration_seconds',
  help: 'How long the last complete pass of the stage took.',
  example: 'topk(5, sag_app_stage_duration_seconds)',
  type: 'gauge',
  unit: 'seconds',
  scope: 'instance',
  labels: STAGE,
  samples: (instance) => byStage(instance, (stage) => stage.lastDuration),
});

export const stageProgress = defineMetric({
  name: 'sag_app_stage_progress_ratio',
  help: 'Share of the pass in progress that is done; 1 when idle.',
  example: 'bottomk(5, sag_app_stage_progress_ratio)',
  type: 'gauge',
  unit: 'ratio',
  scope: 'instance',
  labels: STAGE,
  samples: (instance) => byStage(instance, (stage) => stage.progress),
});

export const stageFailures = defineMetric({
  name: 'sag_app_stage_failures_total',
  help: 'Passes of the stage that failed; a reason appears when first seen.',
  example: 'sum by (instance_id, stage, reason) (increase(sag_app_stage_failures_total[1h]))',
  type: 'counter',
  unit: 'count',
  scope: 'instance',
  labels: { ...STAGE, reason: 'Kind of the error.' },
  *samples({ stages }) {
    for (const stage of INSTANCE_STAGES) {
      for (const [reason, value] of stages[stage]?.failures ?? []) {
        yield { labels: { stage, reason }, value };
      }
    }
  },
});

export const stageFailure = defineMetric({
  name: 'sag_app_stage_failure_info',
  help: 'Why the stage cannot be read now: its newest pass failed, or the account is paused; always 1.',
  example: 'count by (stage, reason) (sag_app_stage_failure_info)',
  type: 'gauge',
  unit: 'info',
  scope: 'instance',
  labels: { ...STAGE, reason: 'Kind of the error.' },
  *samples({ errors }) {
    for (const [stage, { kind }] of errors) yield { labels: { stage, reason: kind }, value: 1 };
  },
});

function byState(
  { users }: VisibleInstance,
  figure: (totals: UserTotals) => number,
): readonly Sample<'state'>[] {
  if (!users) return [];
  return [
    { labels: { state: 'enabled' }, value: figure(users.enabled) },
    { labels: { state: 'disabled' }, value: figure(users.disabled) },
  ];
}

function* byStage(
  { stages }: VisibleInstance,
  figure: (stage: StageRecord) => number | undefined,
): Iterable<Sample<'stage'>> {
  for (const stage of INSTANCE_STAGES) {
    const record = stages[stage];
    const value = record && figure(record);
    if (value !== undefined) yield { labels: { stage }, value };
  }
}
