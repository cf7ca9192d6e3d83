import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITY, seatsOf, subscriptionOf, THRESHOLDS } from '../../src/fleet/levels.ts';
import { alertingRules, deliveredThreshold } from '../support/rule-files.ts';

const NOW = 1_800_000_000;
const DAY = 24 * 3600;

describe('the delivered alert rules', () => {
  it.each(['warning', 'critical'] as const)(
    'use the same threshold for %s as the status pages',
    (severity) => {
      const { usersLimitUsedRatio, subscriptionLeftSeconds } = THRESHOLDS;
      expect(deliveredThreshold('users_limit_used_ratio', severity)).toBe(
        usersLimitUsedRatio[severity],
      );
      expect(deliveredThreshold('subscription_left_seconds', severity)).toBe(
        subscriptionLeftSeconds[severity],
      );
    },
  );

  it.each([
    ['SagAppUsersNearLimit', '>=', 'at the threshold itself too'],
    ['SagAppSubscriptionExpiring', '<', 'not at the threshold itself'],
  ])('%s compares with %s, as the levels do: %s', (alert, comparison) => {
    const rules = alertingRules().filter((rule) => rule.alert === alert);
    expect(rules).toHaveLength(2);
    for (const { expr } of rules)
      expect(expr.match(/[<>]=?(?= on \(\) group_left \(\) sag_app:threshold)/g)).toEqual([
        comparison,
      ]);
  });
});

describe('users compared with the limit', () => {
  it.each([
    [0, 0, 'ok', 0],
    [84, 100, 'ok', 16],
    [85, 100, 'filling-up', 15],
    [94, 100, 'filling-up', 6],
    [95, 100, 'nearly-full', 5],
    [99, 100, 'nearly-full', 1],
    [100, 100, 'full', 0],
    [101, 100, 'over-limit', 0],
    [1, 0, 'over-limit', 0],
    [1, 1, 'full', 0],
    [9_999, 10_000, 'nearly-full', 1],
  ])('%i of %i is %s, with %i free', (users, limit, level, free) => {
    expect(seatsOf(users, limit)).toMatchObject({ level, free });
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [2, 0, 1],
    [1, 2, 0.5],
    [0, 1, 0],
  ])('%i of %i are a share of %f, which is finite without a limit too', (users, limit, ratio) => {
    expect(seatsOf(users, limit).ratio).toBe(ratio);
  });

  it('never get a better level when there are more users', () => {
    const levels = ['ok', 'filling-up', 'nearly-full', 'full', 'over-limit'];
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (users, limit) => {
        const one = seatsOf(users, limit);
        const more = seatsOf(users + 1, limit);
        expect(levels.indexOf(more.level)).toBeGreaterThanOrEqual(levels.indexOf(one.level));
        expect(one.free > 0).toBe(users < limit);
        expect(SEVERITY[one.level] === 'critical').toBe(
          users > 0 && users >= THRESHOLDS.usersLimitUsedRatio.critical * limit,
        );
      }),
    );
  });
});

describe('a subscription', () => {
  it.each([
    [30 * DAY, 'ok'],
    [30 * DAY - 1, 'ending'],
    [7 * DAY, 'ending'],
    [7 * DAY - 1, 'nearly-ended'],
    [1, 'nearly-ended'],
    [0, 'ended'],
    [-1, 'ended'],
  ])('with %i seconds left is %s', (left, level) => {
    expect(subscriptionOf(NOW + left, NOW).level).toBe(level);
  });

  it('never has a negative time left or a negative time since its end', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), (left) => {
        const subscription = subscriptionOf(NOW + left, NOW);
        expect(subscription.left).toBe(Math.max(0, left));
        expect(subscription.over).toBe(Math.max(0, -left));
      }),
    );
  });
});
