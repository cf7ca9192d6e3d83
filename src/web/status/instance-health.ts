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
import type { InstanceId } from '../../model/instance.ts';
import { INSTANCE_STAGES, type InstanceStage, REQUIRED_STAGES } from '../../model/stage.ts';
import type { InstanceFinding, InstanceStatus } from './schema.ts';
import type { Look } from './stage-status.ts';

/** All findings that an instance can have, the worst first, each with the condition of the instance. */
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

/** The state of an instance, by which lists are sorted and filtered and from which sums are made. */
export interface InstanceHealth {
  readonly record: InstanceRecord;
  readonly visible: VisibleInstance;
  readonly condition: InstanceStatus['condition'];
  /** The worst first. */
  readonly findings: readonly InstanceFinding[];
  /** Whether its account is paused, so that it is not polled. */
  readonly isPaused: boolean;
  /** Why it cannot be read now, each reason once; empty when it can. */
  readonly errors: readonly ApiError[];
  readonly staleStages: readonly InstanceStage[];
  readonly users: number | undefined;
  /** Absent while the users or their limit are unknown. */
  readonly seats: Seats | undefined;
  /** Absent while its end is unknown. */
  readonly subscription: Subscription | undefined;
}

export function healthOf(
  fleet: Fleet,
  record: InstanceRecord,
  { staleAfter, now }: Look,
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
  const found = new Set<string | undefined>([
    errors.length > 0 ? 'unreadable' : undefined,
    staleStages.length > 0 ? 'stale' : undefined,
    seats?.level,
    subscription?.level,
  ]);
  const findings = FINDING_NAMES.filter((finding) => found.has(finding));
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
  };
}

/** A unique text for each instance; lists use it as the last key to sort by. */
export const identityOf = ({ account, regionId, instanceId }: InstanceId): string =>
  [account, regionId, instanceId].join('\n');
