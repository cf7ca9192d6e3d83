import { SECOND } from '../../clock.ts';
import type { StageRecord } from '../../fleet/stage-record.ts';
import type { VisibleInstance } from '../../fleet/visible.ts';
import type { UserTotals } from '../../model/snapshot.ts';
import { INSTANCE_STAGES } from '../../model/stage.ts';
import { type AnyMetric, defineHistogram, defineMetric, ifKnown, type Sample } from '../metric.ts';

const STATE = { state: 'Whether the users are enabled or disabled.' } as const;
const STAGE = {
  stage: `Stage of the polling: ${INSTANCE_STAGES.join(', ').replace(/, (?=[^,]*$)/, ' or ')}.`,
} as const;

export const INSTANCE_METRICS: readonly AnyMetric[] = [
  defineMetric({
    name: 'sag_app_instance_info',
    help: 'A monitored SAG APP instance, as last read by discovery; always 1.',
    example:
      'sag_app_online_users * on (account, region_id, instance_id) group_left (name) max by (account, region_id, instance_id, name) (sag_app_instance_info)',
    unit: 'info',
    scope: 'instance',
    labels: {
      name: 'Name of the instance; empty when unknown.',
      status: 'Status from the API, such as Active; empty when unknown.',
    },
    samples: ({ info }) => (info ? [{ labels: info, value: 1 }] : []),
  }),
  defineMetric({
    name: 'sag_app_instance_up',
    help: 'Whether the newest attempt of every stage of the instance succeeded and its account is not paused.',
    example: 'count by (account, region_id) (sag_app_instance_up == 1)',
    unit: 'boolean',
    scope: 'instance',
    samples: ({ up }) => ifKnown(up ? 1 : 0),
  }),
  defineMetric({
    name: 'sag_app_instance_expiry_timestamp_seconds',
    help: "When the instance's subscription ends.",
    example: 'clamp_min(sag_app_instance_expiry_timestamp_seconds - time(), 0) / 86400',
    unit: 'timestamp_seconds',
    scope: 'instance',
    samples: ({ expiresAt }) => ifKnown(expiresAt),
  }),
  defineMetric({
    name: 'sag_app_instance_bandwidth_limit_bytes_per_second',
    help: 'Total bandwidth of the instance.',
    example: '8 * sag_app_instance_bandwidth_limit_bytes_per_second',
    unit: 'bytes_per_second',
    scope: 'instance',
    samples: ({ bandwidthLimit }) => ifKnown(bandwidthLimit),
  }),
  defineMetric({
    name: 'sag_app_users_limit',
    help: 'Maximum number of users of the instance; enabled and disabled users both count.',
    example:
      'sag_app_users_limit - on (account, region_id, instance_id) sum without (state) (sag_app_users)',
    unit: 'count',
    scope: 'instance',
    samples: (instance) => ifKnown(instance.usersLimit),
  }),
  defineMetric({
    name: 'sag_app_users',
    help: 'Users of the instance, as counted by the newest users pass.',
    example: 'sum by (account, region_id, instance_id) (sag_app_users)',
    unit: 'count',
    scope: 'instance',
    labels: STATE,
    samples: (instance) => byState(instance, (totals) => totals.users),
  }),
  defineMetric({
    name: 'sag_app_bandwidth_allocated_bytes_per_second',
    help: "Sum of the users' bandwidth limits.",
    example:
      'sum without (state) (sag_app_bandwidth_allocated_bytes_per_second) / sag_app_instance_bandwidth_limit_bytes_per_second',
    unit: 'bytes_per_second',
    scope: 'instance',
    labels: STATE,
    samples: (instance) => byState(instance, (totals) => totals.bandwidth),
  }),
  defineMetric({
    name: 'sag_app_accelerated_bandwidth_allocated_bytes_per_second',
    help: "Sum of the users' application acceleration bandwidth limits.",
    example: '8 * sum by (instance_id) (sag_app_accelerated_bandwidth_allocated_bytes_per_second)',
    unit: 'bytes_per_second',
    scope: 'instance',
    labels: STATE,
    samples: (instance) => byState(instance, (totals) => totals.acceleratedBandwidth),
  }),
  defineMetric({
    name: 'sag_app_online_users',
    help: 'Users with at least one online client, as counted by the newest online pass.',
    example: 'topk(5, sag_app_online_users)',
    unit: 'count',
    scope: 'instance',
    samples: ({ online }) => ifKnown(online?.totals?.users),
  }),
  defineMetric({
    name: 'sag_app_online_clients',
    help: 'Online clients of all users, as counted by the newest online pass.',
    example: 'sag_app_online_clients - sag_app_online_users',
    unit: 'count',
    scope: 'instance',
    samples: ({ online }) => ifKnown(online?.totals?.clients),
  }),
  defineMetric({
    name: 'sag_app_oldest_session_start_timestamp_seconds',
    help: 'When the longest-running session of the instance began; absent when no user is online.',
    example: 'time() - sag_app_oldest_session_start_timestamp_seconds',
    unit: 'timestamp_seconds',
    scope: 'instance',
    samples: ({ sessions }) => ifKnown(sessions?.oldestStart),
  }),
  defineMetric({
    name: 'sag_app_sessions_started_total',
    help: 'Sessions that began between two sessions passes.',
    example: 'increase(sag_app_sessions_started_total[1h])',
    type: 'counter',
    unit: 'count',
    scope: 'instance',
    samples: ({ counters }) => ifKnown(counters.sessionsStarted),
  }),
  defineMetric({
    name: 'sag_app_sessions_ended_total',
    help: 'Sessions that ended between two sessions passes.',
    example: 'rate(sag_app_sessions_started_total[1h]) - rate(sag_app_sessions_ended_total[1h])',
    type: 'counter',
    unit: 'count',
    scope: 'instance',
    samples: ({ counters }) => ifKnown(counters.sessionsEnded),
  }),
  defineMetric({
    name: 'sag_app_online_disagreements_total',
    help: "Online passes in which the sum over the users differed from the API's total for the instance.",
    example: 'increase(sag_app_online_disagreements_total[1d])',
    type: 'counter',
    unit: 'count',
    scope: 'instance',
    samples: ({ counters }) => ifKnown(counters.onlineDisagreements),
  }),
  defineHistogram({
    name: 'sag_app_session_duration_seconds',
    help: 'How long ended sessions lasted; sessions whose start the API did not tell are left out.',
    example:
      'histogram_quantile(0.5, sum by (instance_id, le) (rate(sag_app_session_duration_seconds_bucket[1d])))',
    unit: 'seconds',
    scope: 'instance',
    distribution: ({ counters }) => counters.sessionDurations,
  }),
  defineMetric({
    name: 'sag_app_users_unused',
    help: 'Users, enabled and disabled, who were not seen online for that long; absent until the instance has been watched for so long.',
    example: 'sum by (account, region_id, instance_id) (sag_app_users_unused{unused_for="90d"})',
    unit: 'count',
    scope: 'instance',
    labels: { unused_for: 'The time as metrics.unused_after has it, such as 30d.' },
    *samples({ online, presence }, { unusedAfter }) {
      if (!online) return;
      for (const { text, milliseconds } of unusedAfter) {
        const value = presence.unusedUsers(milliseconds / SECOND);
        if (value !== undefined) yield { labels: { unused_for: text }, value };
      }
    },
  }),
  defineMetric({
    name: 'sag_app_watched_since_timestamp_seconds',
    help: 'Since when it is recorded which users are online.',
    example: '(time() - sag_app_watched_since_timestamp_seconds) / 86400',
    unit: 'timestamp_seconds',
    scope: 'instance',
    samples: ({ presence }) => ifKnown(presence.watchedSince),
  }),
  defineMetric({
    name: 'sag_app_last_success_timestamp_seconds',
    help: 'When the stage last succeeded on the instance; its data is from then.',
    example: 'max by (stage) (time() - sag_app_last_success_timestamp_seconds)',
    unit: 'timestamp_seconds',
    scope: 'instance',
    labels: STAGE,
    samples: (instance) => byStage(instance, (stage) => stage.lastSuccess),
  }),
  defineMetric({
    name: 'sag_app_stage_duration_seconds',
    help: 'Duration of the last complete pass of the stage.',
    example: 'topk(5, sag_app_stage_duration_seconds)',
    unit: 'seconds',
    scope: 'instance',
    labels: STAGE,
    samples: (instance) => byStage(instance, (stage) => stage.lastDuration),
  }),
  defineMetric({
    name: 'sag_app_stage_progress_ratio',
    help: 'Completed share of the running pass; 1 when no pass is running.',
    example: 'bottomk(5, sag_app_stage_progress_ratio)',
    unit: 'ratio',
    scope: 'instance',
    labels: STAGE,
    samples: (instance) => byStage(instance, (stage) => stage.progress),
  }),
  defineMetric({
    name: 'sag_app_stage_failures_total',
    help: 'Failed passes of the stage; a reason has a series once it has occurred.',
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
  }),
  defineMetric({
    name: 'sag_app_stage_failure_info',
    help: 'Why the stage cannot be read now: its newest pass failed, or the account is paused; always 1.',
    example: 'count by (stage, reason) (sag_app_stage_failure_info)',
    unit: 'info',
    scope: 'instance',
    labels: { ...STAGE, reason: 'Kind of the error.' },
    *samples({ errors }) {
      for (const [stage, { kind }] of errors) yield { labels: { stage, reason: kind }, value: 1 };
    },
  }),
];

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
