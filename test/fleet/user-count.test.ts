import { expect, it } from 'vitest';
import { UserCountEvidence } from '../../src/fleet/user-count.ts';

it.each<
  readonly [
    what: string,
    readings: readonly (readonly [userCount?: number | undefined, users?: number])[],
    isUsers: boolean,
  ]
>([
  ['nothing is known', [[], [50], [undefined, 43]], false],
  ['it is more than the users', [[50, 43]], false],
  ['it is fewer than the users', [[40, 43]], false],
  [
    'it equals the users once, and is a multiple of five',
    [
      [50, 50],
      [50, 50],
    ],
    false,
  ],
  ['it equals the users, and is no multiple of five', [[43, 43]], true],
  [
    'it equals the users at two different numbers',
    [
      [50, 50],
      [55, 50],
      [55, 55],
    ],
    true,
  ],
  [
    'it once equalled the users at no multiple of five',
    [
      [43, 43],
      [43, 44],
      [50, 60],
    ],
    true,
  ],
])('%s', (_, readings, isUsers) => {
  const evidence = new UserCountEvidence({ isUsers: false });
  const news = readings.filter(([userCount, users]) => evidence.compare(userCount, users));
  expect(evidence.isUsers).toBe(isUsers);
  expect(news).toHaveLength(isUsers ? 1 : 0);
});

it('one instance proves it for all instances of the account whose UserCount equals their users', () => {
  const account = { isUsers: false };
  const full = new UserCountEvidence(account);
  const withRoom = new UserCountEvidence(account);
  const proving = new UserCountEvidence(account);
  expect(full.compare(50, 50)).toBe(false);
  expect(withRoom.compare(200, 192)).toBe(false);
  expect(full.isUsers).toBe(false);
  expect(proving.compare(43, 43)).toBe(true);
  expect([full.isUsers, withRoom.isUsers]).toEqual([true, false]);
  expect([full.compare(50, 50), full.compare(50, 50)]).toEqual([true, false]);
});
