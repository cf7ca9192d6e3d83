import { SECOND } from '../../clock.ts';
import type { Fleet, InstanceRecord } from '../../fleet/fleet.ts';
import {
  SEVERITY,
  type Seats,
  type Subscription,
  seatsOf,
  subscriptionOf,
} from '../../fleet/levels.ts';
import { type VisibleInstance, visibleInstance } from '../../fleet/visible.ts';
import type { ApiError } from '../../model/api-error.ts';
import { INSTANCE_STAGES, type InstanceStage, REQUIRED_STAGES } from '../../model/stage.ts';
import type { InstanceFinding, InstanceStatus } from './schema.ts';
import { byKey } from './sorting.ts';
import type { StatusSources } from './sources.ts';
import type { AgeCheck } from './stage-status.ts';
import { type UnusedFor, type UnusedUsers, unusedAfter, unusedUsers } from './unused.ts';

/** Every finding, the worst first, with the condition of an instance that has the finding. */
export const FINDINGS = {
  /** The newest pass of a stage failed, or the account is paused. */
  unreadable: 'down',
  ended: SEVERITY.ended,
  'over-limit': SEVERITY['over-limit'],
  full: SEVERITY.full,
  'nearly-full': SEVERITY['nearly-full'],
  'nearly-ended': SEVERITY['nearly-ended'],
  stale: 'warning',
  'filling-up': SEVERITY['filling-up'],
  ending: SEVERITY.ending,
} as const satisfies Record<InstanceFinding, InstanceStatus['condition']>;

export const FINDING_NAMES = Object.keys(FINDINGS) as readonly InstanceFinding[];

/** The health of an instance. Lists are sorted and filtered by it, and sums are made from it. */
export interface InstanceHealth {
  readonly record: InstanceRecord;
  readonly visible: VisibleInstance;
  readonly condition: InstanceStatus['condition'];
  /** In the order of FINDINGS. */
  readonly findings: readonly InstanceFinding[];
  /** Whether the account of the instance is paused, so that the instance is not polled. */
  readonly isPaused: boolean;
  /** Why the instance cannot be read now, each reason once. Empty when it can be read. */
  readonly errors: readonly ApiError[];
  readonly staleStages: readonly InstanceStage[];
  readonly users: number | undefined;
  /** Absent while the number of users or the limit is unknown. */
  readonly seats: Seats | undefined;
  /** Absent while the end of the subscription is unknown. */
  readonly subscription: Subscription | undefined;
  /** An entry for each time of `metrics.unused_after`. */
  readonly unused: readonly UnusedUsers[];
}

export interface HealthCheck extends AgeCheck {
  readonly unusedAfter: readonly UnusedFor[];
}

export function healthCheckOf({ clock, view }: StatusSources): HealthCheck {
  const { staleAfter } = view();
  return { staleAfter, now: clock.now() / SECOND, unusedAfter: unusedAfter(view()) };
}

export function healthOf(
  fleet: Fleet,
  record: InstanceRecord,
  { staleAfter, now, unusedAfter }: HealthCheck,
): InstanceHealth {
  const visible = visibleInstance(fleet, record, staleAfter);
  const { usersLimit: limit, expiresAt } = visible;
  const users = visible.users && visible.users.enabled.users + visible.users.disabled.users;
  const seats = users === undefined || limit === undefined ? undefined : seatsOf(users, limit);
  const subscription = expiresAt === undefined ? undefined : subscriptionOf(expiresAt, now);
  const isPaused = fleet.account(record.id.account).paused !== undefined;
  const errors = [
    ...new Map(Array.from(visible.errors.values(), (error) => [error.message, error])).values(),
  ];
  const staleStages = INSTANCE_STAGES.filter((stage) => record.stages[stage]?.isStale(staleAfter));
  const present = new Set<string | undefined>([
    errors.length > 0 ? 'unreadable' : undefined,
    staleStages.length > 0 ? 'stale' : undefined,
    seats?.level,
    subscription?.level,
  ]);
  const findings = FINDING_NAMES.filter((finding) => present.has(finding));
  const [worst] = findings;
  const isRead = REQUIRED_STAGES.every((stage) => record.stages[stage].ended !== 'never');
  const condition = worst !== undefined ? FINDINGS[worst] : isRead ? 'ok' : 'starting';
  return {
    record,
    visible,
    condition,
    findings,
    isPaused,
    errors,
    staleStages,
    users,
    seats,
    subscription,
    unused: unusedUsers(visible, unusedAfter),
  };
}

export const BY_FULLNESS = byKey<InstanceHealth>(({ seats }) => seats?.ratio, 'desc');

/** Lists use it as the last sort key: no two instances are equal. */
export const BY_IDENTITY = byKey<InstanceHealth>(
  ({ record: { id } }) => [id.account, id.regionId, id.instanceId].join('\n'),
  'asc',
);
