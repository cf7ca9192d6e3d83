import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/clock.ts';
import { createSimulator, loadScenario, type Simulator } from '../../../src/simulator/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const EXAMPLES = fileURLToPath(new URL('../../../config/scenarios/', import.meta.url));

/** An example at its start, and a function that lets its own time pass. */
async function start(name: string) {
  const clock = new ManualClock(Date.UTC(2026, 5, 1, 12));
  const scenario = await loadScenario(`${EXAMPLES}${name}.yml`);
  const simulator = createSimulator({ clock, scenario });
  const pass = (ms: number): Promise<void> => clock.advance(ms / scenario.speed);
  return { simulator, world: simulator.world, pass };
}

/** The examples that have a test below. */
const SHOWN = [
  'bad-day',
  'big-fleet',
  'growth',
  'instance-comes-and-goes',
  'morning-rush',
  'quiet-office',
];

const subject = (operation: string, instanceIds: readonly string[] = []) => ({
  operation,
  accessKeyId: 'testid',
  instanceIds,
  userNames: [],
});

describe('the examples', () => {
  it('are all here', () => {
    expect(readdirSync(EXAMPLES).sort()).toEqual(SHOWN.map((name) => `${name}.yml`));
  });

  it('quiet-office has its users, some of them by name, a quarter online all day', async () => {
    const { world, pass } = await start('quiet-office');
    expect(world.instances().map(({ id, details }) => [id, details.usersLimit])).toEqual([
      ['sag-office', 60],
    ]);
    const names = world.users('sag-office').map(({ name }) => name);
    expect(names).toHaveLength(40);
    expect(names.slice(0, 3)).toEqual(['li.wei017', 'wang.fang', 'zhang.min']);
    let seen = 0;
    for (let hour = 0; hour < 48; hour++) {
      await pass(HOUR);
      seen += world.onlineUsers('sag-office').length;
    }
    expect(seen / 48).toBeGreaterThan(6);
    expect(seen / 48).toBeLessThan(14);
  });

  it('morning-rush has many more users online at ten than at three, except in the plant', async () => {
    const { world, pass } = await start('morning-rush');
    expect(new Date(world.time.now()).toISOString()).toBe('2026-03-02T06:00:00.000Z');
    const online = (id: string): number => world.onlineUsers(id).length;
    for (const [id, few, many] of [
      ['sag-headquarters', 20, 170],
      ['sag-sales', 10, 60],
    ] as const) {
      expect(online(id), id).toBeLessThan(few);
      await pass(4 * HOUR);
      expect(online(id), id).toBeGreaterThan(many);
      await pass(17 * HOUR);
      expect(online(id), id).toBeLessThan(few);
      expect(online('sag-plant')).toBeGreaterThan(12);
      await pass(3 * HOUR);
    }
  });

  it('growth passes 85 % and 95 %, reaches the limit, and continues when the limit is raised', async () => {
    const { world, pass } = await start('growth');
    const share = (): number => {
      const instance = world.instance('sag-growing');
      return (instance?.users.length ?? 0) / (instance?.details.usersLimit ?? 1);
    };
    const shares: number[] = [share()];
    for (let day = 1; day <= 41; day++) {
      await pass(DAY);
      shares.push(share());
    }
    expect([0, 4, 5, 6, 15, 16, 20, 24].map((day) => shares[day])).toEqual([
      0.8, 0.84, 0.85, 0.86, 0.95, 0.96, 1, 1,
    ]);
    // The limit is raised to 600 at the end of day 25. On day 40 it falls below the number of users.
    expect(shares[26]).toBeCloseTo(505 / 600);
    expect(shares[41]).toBeGreaterThan(1);
    expect(world.users('sag-settled')).toHaveLength(60);
  });

  it('bad-day has its faults, limits, denials and keys at their times', async () => {
    const { simulator, world, pass } = await start('bad-day');
    const { faults, limits, permissions, keys } = simulator;
    const seen: Record<number, unknown> = {};
    for (let minute = 0; minute < 60; minute++) {
      world.catchUp();
      seen[minute] = {
        faults: faults.rules.slice(2).map(({ name }) => name),
        limit: limits.current[0]?.limit,
        denied: permissions.isDenied(subject('DescribeUserOnlineClientStatistics')),
        revoked: keys.isRevoked('testid'),
        expired: keys.find('STS.example')?.expiration !== undefined,
      };
      await pass(MINUTE);
    }
    const usual = { faults: [], limit: 50, denied: false, revoked: false, expired: false };
    const expected: Record<number, unknown> = {};
    const between = (minute: number, from: number, to: number): boolean =>
      minute >= from && minute < to;
    for (let minute = 0; minute < 60; minute++) {
      const windows: readonly [string, boolean][] = [
        ['slow', between(minute, 5, 8)],
        ['neighbour', minute % 10 === 9],
        ['resets', between(minute, 10, 13)],
        ['hangs', between(minute, 15, 18)],
        ['truncated', between(minute, 20, 22)],
        ['proxy-page', between(minute, 23, 25)],
        ['branch-out-of-order', between(minute, 26, 30)],
      ];
      expected[minute] = {
        ...usual,
        faults: expect.toSatisfy(
          (names: readonly string[]) =>
            [...names].sort().join() ===
            windows
              .filter(([, there]) => there)
              .map(([name]) => name)
              .sort()
              .join(),
        ),
        limit: between(minute, 32, 38) ? 5 : 50,
        denied: between(minute, 40, 45),
        revoked: between(minute, 52, 55),
        expired: minute >= 50,
      };
    }
    expect(seen).toEqual(expected);
    expect(faults.rules.slice(0, 2).map(({ name }) => name)).toEqual([
      'service-times',
      'background-noise',
    ]);
  });

  it('bad-day disconnects all users at headquarters after 47 minutes', async () => {
    const { world, pass } = await start('bad-day');
    await pass(47 * MINUTE - 1);
    expect(world.onlineUsers('sag-headquarters').length).toBeGreaterThan(30);
    const branch = world.onlineUsers('sag-branch').length;
    await pass(1);
    expect(world.onlineUsers('sag-headquarters')).toEqual([]);
    expect(world.onlineUsers('sag-branch').length).toBeGreaterThan(branch / 2);
  });

  it('instance-comes-and-goes creates and deletes its instance every day', async () => {
    const { world, pass } = await start('instance-comes-and-goes');
    const project = (): unknown => {
      const instance = world.instance('sag-project');
      return instance && [instance.users.length, instance.details.status];
    };
    for (let day = 0; day < 3; day++) {
      expect(project()).toBeUndefined();
      await pass(2.5 * HOUR);
      expect(project()).toEqual([12, 'Active']);
      await pass(HOUR);
      expect(project()).toEqual([18, 'Active']);
      await pass(4 * HOUR);
      expect(project()).toEqual([18, 'Offline']);
      await pass(HOUR);
      expect(project()).toBeUndefined();
      await pass(15.5 * HOUR);
    }
  });

  it('big-fleet has 100,000 users', async () => {
    const { world } = await start('big-fleet');
    const instances = world.instances();
    const sizes = instances.map(({ userCount }) => userCount);
    expect([instances.length, Math.max(...sizes), sizes.reduce((a, b) => a + b, 0)]).toEqual([
      111, 40_000, 100_000,
    ]);
    expect(instances.map(({ id }) => id)).toContain('sag-branch-007');
    expect(instances.find(({ id }) => id === 'sag-region-10')?.details.name).toBe('region-10');
    expect(new Set(instances.map(({ regionId }) => regionId)).size).toBe(3);
  });
});

describe('a fault of a scenario', () => {
  /** The verdicts of a simulator's faults on calls, one a minute. */
  async function judged(
    simulator: Simulator,
    pass: (ms: number) => Promise<void>,
    minutes: number,
  ) {
    const verdicts: unknown[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      simulator.world.catchUp();
      verdicts.push(simulator.faults.judge(subject('DescribeUserOnlineClients', ['sag-branch'])));
      await pass(MINUTE);
    }
    return verdicts;
  }

  it('hits the same calls with the same delays when the scenario is run again', async () => {
    const [one, other] = [await start('bad-day'), await start('bad-day')];
    const verdicts = await judged(one.simulator, one.pass, 60);
    expect(verdicts).toEqual(await judged(other.simulator, other.pass, 60));
    expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBeGreaterThan(50);
    // From minute 26 to 29, the faults of the instance Branch are active.
    for (const verdict of verdicts.slice(26, 30)) {
      expect(verdict).toMatchObject({ disruption: { error: expect.anything() } });
    }
  });
});
