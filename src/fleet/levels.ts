import { DAY, SECOND } from '../clock.ts';

/** The severities of the alerts, and `ok`. */
type Severity = 'ok' | 'warning' | 'critical';

const DAY_SECONDS = DAY / SECOND;

/**
 * The thresholds of the status pages, of `doctor` and of the alerts. For the alerts they are recording rules,
 * which operators may change: config/prometheus/thresholds.yml. A test compares these rules with this table.
 */
export const THRESHOLDS = {
  /** Users as a share of the user limit. A level begins at its threshold. */
  usersLimitUsedRatio: { warning: 0.85, critical: 0.95 },
  /** Seconds left of a subscription. A level begins below its threshold. */
  subscriptionLeftSeconds: { warning: 30 * DAY_SECONDS, critical: 7 * DAY_SECONDS },
} as const;

/** The number of users of an instance compared with its limit. `full` means exactly at the limit. */
type SeatsLevel = 'ok' | 'filling-up' | 'nearly-full' | 'full' | 'over-limit';

type SubscriptionLevel = 'ok' | 'ending' | 'nearly-ended' | 'ended';

export const SEVERITY = {
  ok: 'ok',
  'filling-up': 'warning',
  'nearly-full': 'critical',
  full: 'critical',
  'over-limit': 'critical',
  ending: 'warning',
  'nearly-ended': 'critical',
  ended: 'critical',
} as const satisfies Record<SeatsLevel | SubscriptionLevel, Severity>;

export interface Seats {
  readonly users: number;
  readonly limit: number;
  /** Users as a share of the limit; 1 when there are users and the limit is 0. */
  readonly ratio: number;
  /** Users that may still be added; 0 at and over the limit. */
  readonly free: number;
  readonly level: SeatsLevel;
}

export function seatsOf(users: number, limit: number): Seats {
  const ratio = limit > 0 ? users / limit : Number(users > 0);
  return { users, limit, ratio, free: Math.max(0, limit - users), level: seatsLevel() };

  function seatsLevel(): SeatsLevel {
    if (users > limit) return 'over-limit';
    // An instance with a limit of 0 and no users is in order.
    if (users === limit && users > 0) return 'full';
    const { warning, critical } = THRESHOLDS.usersLimitUsedRatio;
    if (ratio >= critical) return 'nearly-full';
    return ratio >= warning ? 'filling-up' : 'ok';
  }
}

export interface Subscription {
  /** Seconds since the epoch. */
  readonly end: number;
  /** Seconds until the end; 0 when it has ended. */
  readonly left: number;
  /** Seconds since the end; 0 before it. */
  readonly over: number;
  readonly level: SubscriptionLevel;
}

/** @param end in seconds since the epoch, as `now` */
export function subscriptionOf(end: number, now: number): Subscription {
  const left = Math.max(0, end - now);
  const over = Math.max(0, now - end);
  return { end, left, over, level: subscriptionLevel() };

  function subscriptionLevel(): SubscriptionLevel {
    if (left === 0) return 'ended';
    const { warning, critical } = THRESHOLDS.subscriptionLeftSeconds;
    if (left < critical) return 'nearly-ended';
    return left < warning ? 'ending' : 'ok';
  }
}
