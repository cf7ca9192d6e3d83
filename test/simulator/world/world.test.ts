import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { createWorld, type InstanceSpec, type World } from '../../../src/simulator/index.ts';
import { createRandom } from '../../../src/simulator/world/random.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const OFFICE: InstanceSpec = {
  id: 'sag-office',
  regionId: 'cn-shanghai',
  users: 200,
  onlineRatio: 0.25,
  multiDeviceRatio: 0.2,
  disabledRatio: 0.1,
  staticIpRatio: 0.05,
};

function officeWorld(more: Partial<InstanceSpec> = {}, seed = 1): World {
  const clock = new ManualClock();
  return createWorld({ seed, clock, instances: [{ ...OFFICE, ...more }] });
}

/** The whole content of a world, as text. */
function dump(world: World): string {
  return JSON.stringify(
    world.instances().map((instance) => [instance.details, instance.users]),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
}

describe('a world', () => {
  it('has exactly the numbers of users of each kind in its spec', () => {
    const world = officeWorld();
    const users = world.users('sag-office');
    const online = world.onlineUsers('sag-office');
    expect({
      users: users.length,
      disabled: users.filter(({ state }) => state === 1).length,
      fixed: users.filter(({ staticIp }) => staticIp !== undefined).length,
      online: online.length,
      twice: online.filter(({ sessions }) => sessions.length === 2).length,
      sessions: world.instance('sag-office')?.sessionCount,
    }).toEqual({ users: 200, disabled: 20, fixed: 10, online: 45, twice: 9, sessions: 54 });
    expect(online.every(({ state }) => state === 0)).toBe(true);
  });

  it('has plausible users: valid names, mail, bandwidths, addresses each used once', () => {
    const users = officeWorld({ users: 5000 }).users('sag-office');
    expect(new Set(users.map(({ name }) => name)).size).toBe(5000);
    const addresses = users.flatMap(({ staticIp, sessions }) => [
      ...(staticIp === undefined ? [] : [staticIp]),
      ...sessions.map(({ clientIp }) => clientIp).filter((clientIp) => clientIp !== staticIp),
    ]);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const { name, mail, bandwidth } of users) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_@.-]{6,32}$/);
      expect(mail).toBe(`${name}@example.com`);
      expect(bandwidth).toBeGreaterThanOrEqual(1);
      expect(bandwidth).toBeLessThanOrEqual(20_000);
    }
    for (const address of addresses) expect(address).toMatch(/^10\.16\.\d{1,3}\.\d{1,3}$/);
  });

  it('is determined by its seed', () => {
    expect(dump(officeWorld())).toBe(dump(officeWorld()));
    expect(dump(officeWorld({}, 2))).not.toBe(dump(officeWorld()));
  });

  it('has instances that do not influence each other', () => {
    const clock = new ManualClock();
    const other = { ...OFFICE, id: 'sag-other' };
    const both = createWorld({ seed: 1, clock, instances: [OFFICE, other] });
    expect(both.users('sag-office')).toEqual(officeWorld().users('sag-office'));
    expect(both.users('sag-other')).not.toEqual(both.users('sag-office'));
  });

  it('keeps users in the order of their creation, also after deletions', () => {
    const world = officeWorld({ users: 5, onlineRatio: 0 });
    const names = world.users('sag-office').map(({ name }) => name);
    world.removeUser('sag-office', names[1] ?? '');
    world.removeUser('sag-office', names[4] ?? '');
    world.addUser('sag-office', { name: 'newcomer' });
    world.addUser('sag-office', { name: names[1] ?? '' });
    expect(world.users('sag-office').map(({ name }) => name)).toEqual([
      names[0],
      names[2],
      names[3],
      'newcomer',
      names[1],
    ]);
  });

  it('connects, disconnects and kicks', () => {
    const world = officeWorld({
      users: [{ name: 'fixed', staticIp: '10.16.1.1' }, { name: 'roaming' }],
      onlineRatio: 0,
    });
    const sessions = (name: string): readonly unknown[] => world.user('sag-office', name).sessions;
    const now = new ManualClock().now() / SECOND;

    world.connect('sag-office', 'fixed');
    world.connect('sag-office', 'fixed');
    world.connect('sag-office', 'roaming', { clientIp: '10.16.9.9', onlineTime: 1559125519 });
    expect(sessions('fixed')).toEqual([
      { clientIp: '10.16.1.1', onlineTime: now },
      { clientIp: '10.16.0.1', onlineTime: now },
    ]);
    expect(sessions('roaming')).toEqual([{ clientIp: '10.16.9.9', onlineTime: 1559125519 }]);
    expect(world.instance('sag-office')?.sessionCount).toBe(3);

    world.disconnect('sag-office', 'fixed', '10.16.1.1');
    expect(sessions('fixed')).toEqual([{ clientIp: '10.16.0.1', onlineTime: now }]);
    world.kick('sag-office', 'fixed');
    world.setUserState('sag-office', 'roaming', 1);
    expect(world.onlineUsers('sag-office')).toEqual([]);
    expect(world.instance('sag-office')?.sessionCount).toBe(0);
  });

  it('gives a client another address at each connection, until no address is free', () => {
    const world = officeWorld({ users: [{ name: 'roaming' }], cidrBlock: '10.0.0.0/30' });
    const connect = (): string => world.connect('sag-office', 'roaming').clientIp;
    expect([connect(), connect()]).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(connect).toThrow('No address is left in instance sag-office');
    world.disconnect('sag-office', 'roaming', '10.0.0.2');
    expect(connect()).toBe('10.0.0.2');
  });

  it('changes, adds and removes instances', () => {
    const world = officeWorld({ usersLimit: 250 });
    world.changeInstance('sag-office', { usersLimit: 300, status: 'Offline' });
    expect(world.instance('sag-office')?.details).toMatchObject({
      usersLimit: 300,
      status: 'Offline',
      name: 'sag-office',
    });
    world.addInstance({ id: 'sag-new', regionId: 'cn-shanghai' });
    world.removeInstance('sag-office');
    expect(world.instances().map(({ id }) => id)).toEqual(['sag-new']);
  });

  it.each<[string, (world: World) => unknown]>([
    ['There is no instance sag-none', (world) => world.users('sag-none')],
    [
      'There is no user nobody in instance sag-office',
      (world) => world.kick('sag-office', 'nobody'),
    ],
    ['There is an instance sag-office already', (world) => world.addInstance(OFFICE)],
    [
      'There is a user newcomer in instance sag-office already',
      (world) => {
        world.addUser('sag-office', { name: 'newcomer' });
        world.addUser('sag-office', { name: 'newcomer' });
      },
    ],
    [
      'Expected a network like 10.0.0.0/16, got 10.0.0.0',
      (world) => world.addInstance({ ...OFFICE, id: 'sag-odd', cidrBlock: '10.0.0.0' }),
    ],
  ])('refuses: %s', (message, act) => {
    expect(() => act(officeWorld())).toThrow(message);
  });
});

describe('a living world', () => {
  const LIVING = { ...OFFICE, activity: 'living', meanSessionMs: 10 * MINUTE } as const;

  function livingWorld(seed = 1): { readonly world: World; readonly clock: ManualClock } {
    const clock = new ManualClock();
    return { world: createWorld({ seed, clock, instances: [LIVING] }), clock };
  }

  it('does not depend on when and how often it is read', async () => {
    const [quiet, nosy] = [livingWorld(), livingWorld()];
    await quiet.clock.advance(3 * HOUR);
    for (let step = 0; step < 3 * HOUR; step += 90 * SECOND) {
      await nosy.clock.advance(90 * SECOND);
      if (step % (7 * MINUTE) === 0) nosy.world.onlineUsers('sag-office');
      nosy.world.user('sag-office', nosy.world.users('sag-office')[0]?.name ?? '');
    }
    expect(dump(nosy.world)).toBe(dump(quiet.world));
    expect(dump(livingWorld().world)).not.toBe(dump(quiet.world));
  });

  it('keeps about the share of users online that its spec sets', async () => {
    const { world, clock } = livingWorld();
    let sum = 0;
    const samples = 200;
    for (let sample = 0; sample < samples; sample++) {
      await clock.advance(5 * MINUTE);
      sum += world.onlineUsers('sag-office').length;
    }
    // A quarter of the 180 enabled users.
    expect(sum / samples).toBeGreaterThan(38);
    expect(sum / samples).toBeLessThan(52);
  });

  it('stays consistent in its counts, states and times', async () => {
    const { world, clock } = livingWorld();
    const instance = world.instance('sag-office');
    for (let step = 0; step < 50; step++) {
      await clock.advance(MINUTE);
      const sessions = world.users('sag-office').flatMap((user) => {
        if (user.state === 1) expect(user.sessions).toEqual([]);
        return user.sessions;
      });
      expect(instance?.sessionCount).toBe(sessions.length);
      expect(new Set(sessions.map(({ clientIp }) => clientIp)).size).toBe(sessions.length);
      for (const { onlineTime } of sessions) {
        expect(onlineTime * SECOND).toBeLessThanOrEqual(clock.now());
      }
    }
  });

  it('continues while users are removed, disabled and added', async () => {
    const { world, clock } = livingWorld();
    for (let step = 0; step < 60; step++) {
      await clock.advance(MINUTE);
      const [first, second] = world.onlineUsers('sag-office');
      if (first) world.removeUser('sag-office', first.name);
      if (second) world.setUserState('sag-office', second.name, 1);
      world.addUser('sag-office', { name: `newcomer${step}` });
    }
    const sessions = world.users('sag-office').flatMap((user) => user.sessions);
    expect(world.instance('sag-office')?.sessionCount).toBe(sessions.length);
    expect(sessions.length).toBeGreaterThan(0);
  });

  it('has logins as soon as it has a user', async () => {
    const clock = new ManualClock();
    const world = createWorld({
      seed: 1,
      clock,
      instances: [{ ...LIVING, users: 0, onlineRatio: 1 }],
    });
    await clock.advance(HOUR);
    world.addUser('sag-office', { name: 'newcomer' });
    let seen = 0;
    for (let step = 0; step < 100; step++) {
      await clock.advance(MINUTE);
      seen += world.onlineUsers('sag-office').length;
    }
    expect(seen).toBeGreaterThan(0);
  });
});

describe('the random generator', () => {
  it('gives the same sequence for the same seed and scope, and other sequences for others', () => {
    const first = (seed: number | string, scope: string): number[] => {
      const random = createRandom(seed, scope);
      return Array.from({ length: 4 }, () => random.next());
    };
    expect(first(1, 'a')).toEqual(first(1, 'a'));
    expect(first(1, 'a')).toEqual(first('1', 'a'));
    expect(first(1, 'a')).not.toEqual(first(2, 'a'));
    expect(first(1, 'a')).not.toEqual(first(1, 'b'));
  });

  it('is uniform enough', () => {
    const random = createRandom(1);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw++) {
      const bucket = random.below(10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) {
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });
});
