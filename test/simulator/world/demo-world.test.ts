import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { createSimulator, createWorld, demoWorld } from '../../../src/simulator/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('the demo world', () => {
  it('has about 500 users in two regions, an instance near its limit, and an instance without online users', () => {
    const world = createWorld(demoWorld({ seed: 1, clock: new ManualClock() }));
    const instances = world.instances();
    const fill = instances.map(({ userCount, details }) => userCount / details.usersLimit);
    expect(instances).toHaveLength(6);
    expect(new Set(instances.map(({ regionId }) => regionId))).toEqual(
      new Set(['cn-shanghai', 'ap-southeast-1']),
    );
    expect(instances.reduce((sum, { userCount }) => sum + userCount, 0)).toBe(500);
    expect(fill.filter((share) => share > 0.9)).toEqual([0.96]);
    expect(instances.filter(({ sessionCount }) => sessionCount === 0)).toHaveLength(1);
  });

  it('changes every few seconds', async () => {
    const clock = new ManualClock();
    const { world } = createSimulator({ clock });
    const picture = (): string =>
      JSON.stringify(world.instances().map(({ id }) => world.onlineUsers(id)));
    let changes = 0;
    let before = picture();
    for (let step = 0; step < 60; step++) {
      await clock.advance(5 * SECOND);
      const after = picture();
      if (after !== before) changes++;
      before = after;
    }
    expect(changes).toBeGreaterThan(45);
  });
});
