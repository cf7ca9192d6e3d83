import { expect, it } from 'vitest';
import { Fleet } from '../../src/fleet/fleet.ts';
import { mostUsers } from '../../src/fleet/most-users.ts';
import { FleetBench, INTERVALS } from '../support/fleet-bench.ts';
import { ManualClock } from '../support/manual-clock.ts';

it('the limit is half a million users for each GiB of heap', () => {
  expect(mostUsers(2 ** 30)).toBe(524_288);
});

it('an instance may have the users that the lists of the others leave, including lists being read', () => {
  const fleet = new Fleet(new ManualClock(), 10);
  const [one, two, three] = ['one', 'two', 'three'].map((instanceId) =>
    fleet.addInstance(
      { account: 'prod', regionId: 'cn-shanghai', instanceId },
      { configured: true, intervals: INTERVALS },
    ),
  );
  if (!one || !two || !three) throw new Error('no instances');
  expect(fleet.roomFor(one)).toBe(10);
  const users = ['a', 'b', 'c'].map((name) => ({ name, enabled: true, staticIp: false }));
  new FleetBench().users(two, users);
  expect(fleet.roomFor(one)).toBe(7);
  expect(fleet.roomFor(two)).toBe(10);
  two.reading = 2;
  three.reading = 5;
  expect(fleet.roomFor(one)).toBe(2);
  three.reading = 50;
  expect(fleet.roomFor(one)).toBe(0);
  fleet.removeInstance(three.id);
  expect(fleet.roomFor(one)).toBe(7);
});
