import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { createWorld, type InstanceSpec, type World } from '../../../src/simulator/index.ts';
import { WorldTime } from '../../../src/simulator/world/time.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const START = Date.UTC(2026, 2, 2, 6);

describe('the time of a world', () => {
  it('is the time of the clock by default', async () => {
    const clock = new ManualClock();
    const time = new WorldTime(clock);
    await clock.advance(1234);
    expect([time.now(), time.wall()]).toEqual([clock.now(), clock.now()]);
  });

  it('may run faster, while the API shows clock times', async () => {
    const clock = new ManualClock();
    const wall = clock.now();
    const time = new WorldTime(clock, { start: START, speed: 60 });
    await clock.advance(MINUTE);
    expect(time.now()).toBe(START + HOUR);
    expect(time.wall()).toBe(wall + MINUTE);
    expect(time.wall(START + HOUR / 2)).toBe(wall + MINUTE / 2);
    expect(time.wall(START - HOUR)).toBe(wall - MINUTE);
  });

  it('may jump: earlier events keep their clock times, and skipped events are in the past', async () => {
    const clock = new ManualClock();
    const wall = clock.now();
    const time = new WorldTime(clock, { start: START, speed: 60 });
    await clock.advance(MINUTE);
    time.jump(2 * HOUR);
    expect(time.now()).toBe(START + 3 * HOUR);
    expect(time.wall(START + HOUR)).toBe(wall + MINUTE);
    expect(time.wall(START + 2 * HOUR)).toBe(wall);
    expect(time.wall()).toBe(wall + MINUTE);
  });

  it('may change its speed, and earlier events keep their clock times', async () => {
    const clock = new ManualClock();
    const wall = clock.now();
    const time = new WorldTime(clock, { start: START });
    await clock.advance(MINUTE);
    time.setSpeed(60);
    await clock.advance(MINUTE);
    expect(time.now()).toBe(START + MINUTE + HOUR);
    expect(time.wall(START + SECOND)).toBe(wall + SECOND);
    expect(time.wall(START + MINUTE + HOUR / 2)).toBe(wall + MINUTE + MINUTE / 2);
  });
});

const OFFICE: InstanceSpec = {
  id: 'sag-office',
  regionId: 'cn-shanghai',
  users: 300,
  usersLimit: 320,
  disabledRatio: 0,
  meanSessionMs: 2 * HOUR,
  rhythm: {
    points: [
      { at: 3 * HOUR, online: 0.02 },
      { at: 10 * HOUR, online: 0.6 },
      { at: 17 * HOUR, online: 0.6 },
      { at: 20 * HOUR, online: 0.02 },
    ],
    weekend: 0.1,
  },
};

function worldAt(start: number, speed: number, more: Partial<InstanceSpec> = {}) {
  const clock = new ManualClock();
  const instances = [{ ...OFFICE, ...more }];
  const world = createWorld({ seed: 1, clock, start, speed, instances, activity: 'living' });
  return { clock, world };
}

const online = (world: World): number => world.onlineUsers('sag-office').length;

describe('a day at 144 times the speed', () => {
  /** 2 March 2026 is a Monday. */
  const MONDAY = Date.UTC(2026, 2, 2);

  it('follows its rhythm, with fewer users online at the weekend', async () => {
    const { clock, world } = worldAt(MONDAY, 144);
    const noons: number[] = [];
    for (let day = 0; day < 7; day++) {
      const seen = new Map<number, number>();
      for (let hour = 0; hour < 24; hour++) {
        seen.set(hour, online(world));
        await clock.advance(HOUR / 144);
      }
      if (day < 5) {
        expect(seen.get(3)).toBeLessThan(15);
        expect(seen.get(10)).toBeGreaterThan(140);
        expect(seen.get(16)).toBeGreaterThan(140);
        expect(seen.get(21)).toBeLessThan(40);
      }
      noons.push(seen.get(12) ?? 0);
    }
    expect(Math.max(...noons.slice(5))).toBeLessThan(Math.min(...noons.slice(0, 5)) / 3);
  });

  it('has sessions that began in the clock’s past, in proportion to their duration', async () => {
    const { clock, world } = worldAt(MONDAY + 9 * HOUR, 144);
    const began = clock.now();
    let longest = 0;
    for (let step = 0; step < 200; step++) {
      await clock.advance(3 * SECOND);
      for (const { sessions } of world.onlineUsers('sag-office')) {
        for (const { onlineTime } of sessions) {
          expect(onlineTime * SECOND).toBeLessThanOrEqual(clock.now());
          longest = Math.max(longest, clock.now() - onlineTime * SECOND);
        }
      }
    }
    // Sessions last two hours on average and sometimes ten, which is at most some minutes of the clock.
    expect(clock.now() - began).toBe(600 * SECOND);
    expect(longest).toBeGreaterThan(100 * SECOND);
    expect(longest).toBeLessThan(12 * MINUTE);
  });

  it('is the same when it is skipped by a jump', async () => {
    const walked = worldAt(MONDAY, 144);
    const jumped = worldAt(MONDAY, 144);
    for (let step = 0; step < 10; step++) {
      await walked.clock.advance(HOUR / 144);
      online(walked.world);
    }
    jumped.world.time.jump(10 * HOUR);
    const names = (world: World): readonly string[] =>
      world.onlineUsers('sag-office').map(({ name }) => name);
    expect(names(jumped.world)).toEqual(names(walked.world));
    expect(online(jumped.world)).toBeGreaterThan(140);
    // Session ages are the same too.
    const oldest = Math.min(
      ...jumped.world
        .onlineUsers('sag-office')
        .flatMap(({ sessions }) => sessions.map(({ onlineTime }) => onlineTime)),
    );
    expect(oldest * SECOND).toBeLessThan(jumped.clock.now() - 20 * SECOND);
  });
});

describe('growth', () => {
  it('creates users at even intervals up to the limit, and more when the limit is raised', async () => {
    const { clock, world } = worldAt(START, 1, { growth: { perDay: 24 } });
    const users = (): number => world.users('sag-office').length;
    await clock.advance(10 * HOUR);
    expect(users()).toBe(310);
    await clock.advance(20 * HOUR);
    expect(users()).toBe(320);
    world.changeInstance('sag-office', { usersLimit: 1000 });
    await clock.advance(5 * HOUR);
    expect(users()).toBe(325);
    const names = world.users('sag-office').map(({ name }) => name);
    expect(new Set(names).size).toBe(325);
  });

  it('stops at `until`', async () => {
    const { clock, world } = worldAt(START, 1, { growth: { perDay: 24, until: 305 } });
    await clock.advance(10 * HOUR);
    expect(world.users('sag-office')).toHaveLength(305);
  });

  it('fills an empty instance, whose users then log in', async () => {
    const { clock, world } = worldAt(START, 1, { users: 0, growth: { perDay: 240 } });
    await clock.advance(6 * HOUR);
    expect(world.users('sag-office')).toHaveLength(60);
    expect(online(world)).toBeGreaterThan(10);
  });
});

describe('a planned event', () => {
  it('happens in order and at its own time, no matter when the world is read', async () => {
    const { clock, world } = worldAt(START, 60);
    const happened: [string, number][] = [];
    const note = (what: string) => (): void => {
      // An event may read the world, and no event happens twice.
      world.catchUp();
      happened.push([what, (world.time.now() - START) / HOUR]);
    };
    world.plan(START + 2 * HOUR, note('two'));
    world.plan(START + HOUR, note('often'), HOUR);
    await clock.advance(3.5 * MINUTE);
    expect(happened).toEqual([]);
    online(world);
    expect(happened).toEqual([
      ['often', 1],
      ['two', 2],
      ['often', 2],
      ['often', 3],
    ]);
  });
});
