import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import type { FaultEffect } from '../../src/simulator/index.ts';
import type { LogLine } from '../support/fake-host.ts';
import {
  COUNTS,
  CountedFleet,
  type FleetWishes,
  SESSIONS,
  sumOf,
  TOTALS,
} from './counted-fleet.ts';

/** The discovery interval of tests that wait for discoveries. */
const DISCOVERY = 10 * MINUTE;

let api: CountedFleet;

afterEach(() => api.stop());

/** Starts polling, and lets the first passes end. */
async function start(wishes: FleetWishes = {}): Promise<void> {
  api = new CountedFleet(wishes);
  await api.clock.advance(29 * SECOND);
}

const zeroTotals = (fleet: CountedFleet): void => {
  fleet.alterTotals = (totals) => {
    for (const id of totals.keys()) totals.set(id, 0);
  };
};

const FAILURES: readonly (readonly [string, FaultEffect])[] = [
  ['unknown', { error: { code: 'InvalidApi.NotFound', httpStatus: 404 } }],
  ['forbidden', { error: { code: 'Forbidden.RAM', httpStatus: 403 } }],
  ['throttled', { error: { code: 'Throttling.User' } }],
  ['unavailable', { error: { code: 'ServiceUnavailable', httpStatus: 503 } }],
  ['malformed', { truncate: true }],
  ['rejected', { error: { code: 'SAG.SomethingElse' } }],
  ['reset', { reset: true }],
];

describe.each(['batched', 'auto'] as const)('without totals (%s)', (strategy) => {
  it.each(FAILURES)('users are counted in batches anyway: %s', async (_, effect) => {
    await start({
      strategy,
      instances: [{ id: 'sag-1', users: 200, onlineRatio: 0.2 }],
      before: ({ simulator }) => simulator.faults.add({ match: { operation: TOTALS }, effect }),
    });
    expect(Object.keys(api.shown())).toHaveLength(40);
    expect(api.shown()).toEqual(api.real());
    expect(await api.callsOfAPass()).toMatchObject({ [COUNTS]: 4 });
    api.world.kick('sag-1', api.onlineUser().name);
    api.world.connect('sag-1', api.offlineUser().name);
    await api.pass();
    expect(api.shown()).toEqual(api.real());
    expect(api.counters()).toEqual({ sessionsStarted: 1, sessionsEnded: 1 });
    expect(api.record().stages.online.ended).toBe('well');
  });

  it('totals that hang delay fewer and fewer passes', async () => {
    await start({
      strategy,
      instances: [{ id: 'sag-1', users: 100, onlineRatio: 0.1 }],
      before: ({ simulator }) =>
        simulator.faults.add({ match: { operation: TOTALS }, effect: { hang: true } }),
    });
    await api.clock.advance(HOUR);
    expect(api.shown()).toEqual(api.real());
    const calls = api.simulator.requests.count({ operation: TOTALS });
    expect(calls).toBeLessThan(12);
    api.simulator.faults.clear();
    await api.clock.advance(DISCOVERY + MINUTE);
    expect(api.simulator.requests.count({ operation: TOTALS, code: 'OK' })).toBeGreaterThan(0);
  });

  it('1,000 users take 20 calls a quiet pass when the statistics list all users', async () => {
    await start({ strategy, before: (fleet) => fleet.removeOperation(TOTALS) });
    expect(await api.callsOfAPass()).toEqual({ [COUNTS]: 20 });
    expect(api.shown()).toEqual(api.real());
  });

  it('1,000 users take 40 calls a quiet pass when the statistics leave out offline users', async () => {
    await start({
      strategy,
      quirks: { statisticsOmit: 'offline' },
      before: (fleet) => fleet.removeOperation(TOTALS),
    });
    expect(api.shown()).toEqual(api.real());
    expect(api.simulator.requests.count({ operation: SESSIONS })).toBe(1000);
    for (let pass = 0; pass < 5; pass++) {
      expect(await api.callsOfAPass()).toEqual({ [COUNTS]: 20, [SESSIONS]: 20 });
    }
  });

  it('10,000 users take 220 calls a quiet pass when the statistics leave out offline users', async () => {
    await start({
      strategy,
      instances: [{ id: 'sag-1', users: 10_000, onlineRatio: 0.1 }],
      quirks: { statisticsOmit: 'offline' },
      before: (fleet) => fleet.removeOperation(TOTALS),
    });
    await api.pass(6);
    expect(await api.callsOfAPass()).toEqual({ [COUNTS]: 200, [SESSIONS]: 20 });
    expect(api.shown()).toEqual(api.real());
  });

  it('logins and logouts are followed when the statistics leave out offline users', async () => {
    await start({
      strategy,
      quirks: { statisticsOmit: 'offline' },
      before: (fleet) => fleet.removeOperation(TOTALS),
    });
    for (let change = 0; change < 20; change++) {
      api.world.kick('sag-1', api.onlineUser().name);
      api.world.connect('sag-1', api.offlineUser('sag-1', change * 7).name);
      await api.pass();
      expect(api.shown()).toEqual(api.real());
    }
    expect(api.counters()).toEqual({ sessionsStarted: 20, sessionsEnded: 20 });
  });
});

describe('a total of 0', () => {
  const FORTY_ONLINE = [{ id: 'sag-1', users: 200, onlineRatio: 0.2, multiDeviceRatio: 0 }];

  it('that is wrong once changes nothing', async () => {
    await start({ instances: FORTY_ONLINE });
    const before = api.shown();
    expect(Object.keys(before)).toHaveLength(40);
    zeroTotals(api);
    await api.pass();
    expect(api.shown()).toEqual(before);
    api.alterTotals = () => {};
    await api.pass();
    expect(api.shown()).toEqual(before);
    expect(api.counters()).toEqual({ sessionsStarted: 0, sessionsEnded: 0 });
    expect(api.record().counters.onlineDisagreements).toBe(1);
  });

  it.each(['batched', 'auto'] as const)(
    'that never changes does not hide 40 online users: %s',
    async (strategy) => {
      await start({ strategy, instances: FORTY_ONLINE, before: zeroTotals });
      expect(Object.keys(api.shown())).toHaveLength(40);
      await api.pass(3);
      expect(api.shown()).toEqual(api.real());
    },
  );

  /** All users of the first instance are offline, 40 users of the second are online. */
  const IDLE_AND_BUSY = [
    { id: 'sag-1', users: 200, onlineRatio: 0 },
    { id: 'sag-2', users: 200, onlineRatio: 0.2, multiDeviceRatio: 0 },
  ];
  const IDLE = IDLE_AND_BUSY.slice(0, 1);

  it.each(['unknown', 'offline'] as const)(
    'for every instance and in every pass hides no login (statistics leave out %s users)',
    async (statisticsOmit) => {
      await start({ instances: IDLE, quirks: { statisticsOmit }, before: zeroTotals });
      await api.pass(3);
      for (let login = 0; login < 3; login++) {
        api.world.connect('sag-1', api.offlineUser('sag-1', login * 50).name);
        await api.pass();
        expect(api.shown()).toEqual(api.real());
      }
    },
  );

  it('that never changes for one instance hides a login until the next discovery at most', async () => {
    await start({
      instances: IDLE_AND_BUSY,
      discoveryInterval: DISCOVERY,
      before: (fleet) => {
        fleet.alterTotals = (totals) => totals.set('sag-1', 0);
      },
    });
    await api.pass(3);
    expect(await api.callsOfAPass()).toEqual({ [TOTALS]: 1, [COUNTS]: 4 });
    api.world.connect('sag-1', api.offlineUser().name);
    await api.clock.advance(DISCOVERY + 30 * SECOND);
    expect(api.shown()).toEqual(api.real());
    // The total has been wrong, so from now on all users are counted in each pass.
    api.world.kick('sag-1', api.onlineUser().name);
    await api.pass(3);
    expect(api.shown()).toEqual({});
    api.world.connect('sag-1', api.offlineUser('sag-1', 9).name);
    await api.pass();
    expect(api.shown()).toEqual(api.real());
  });

  it('saves the count until the next discovery, after a count has confirmed it', async () => {
    await start({ instances: IDLE_AND_BUSY, discoveryInterval: DISCOVERY });
    await api.pass();
    expect(await api.callsOfAPass()).toEqual({ [TOTALS]: 1, [COUNTS]: 4 });
    api.simulator.requests.clear();
    // 116 passes of the busy instance, and a count of the idle one after each of five discoveries.
    await api.clock.advance(HOUR - 2 * MINUTE);
    expect(api.simulator.requests.count({ operation: COUNTS })).toBe(116 * 4 + 5 * 4);
    expect(api.shown()).toEqual({});
  });

  it('has to be confirmed again after users were online', async () => {
    await start({ instances: IDLE_AND_BUSY });
    await api.pass(2);
    const { name } = api.offlineUser();
    api.world.connect('sag-1', name);
    await api.pass();
    expect(api.shown()).toEqual({ [name]: 1 });
    zeroTotals(api);
    await api.pass();
    expect(api.shown()).toEqual({ [name]: 1 });
    api.world.kick('sag-1', name);
    await api.pass();
    expect(api.shown()).toEqual({});
  });
});

describe('users whom the statistics leave out', () => {
  const OFFLINE_LEFT_OUT: FleetWishes = {
    quirks: { statisticsOmit: 'offline' },
    before: (fleet) => fleet.removeOperation(TOTALS),
  };

  it('are asked about singly: at most 20 in a pass, and each of them within 45 passes', async () => {
    await start(OFFLINE_LEFT_OUT);
    api.simulator.requests.clear();
    for (let pass = 0; pass < 45; pass++) {
      const before = api.simulator.requests.count({ operation: SESSIONS });
      await api.pass();
      const calls = api.simulator.requests.count({ operation: SESSIONS }) - before;
      expect(calls).toBeLessThanOrEqual(20);
    }
    const usersAskedAbout = new Set(
      api.simulator.requests.recent
        .filter(({ operation }) => operation === SESSIONS)
        .flatMap(({ userNames }) => userNames),
    );
    expect(usersAskedAbout.size).toBe(900);
  });

  it('are noticed within 50 passes when one is online, and then asked until all are offline', async () => {
    const lines: LogLine[] = [];
    await start({ ...OFFLINE_LEFT_OUT, lines });
    lines.splice(0);
    const { name } = api.offlineUser('sag-1', 700);
    api.alterCounts = (counts) => counts.delete(name);
    api.world.connect('sag-1', name);
    let passes = 0;
    while (!(name in api.shown()) && passes < 60) {
      await api.pass();
      passes++;
    }
    expect(passes).toBeLessThanOrEqual(50);
    expect(api.shown()).toEqual(api.real());
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      expect.stringMatching(/^warn the user statistics leave out a user who is online; /),
    ]);
    expect(lines[0]).toMatchObject({ account: 'test', instance: 'sag-1', stage: 'online' });
    expect(JSON.stringify(lines)).not.toContain(name);
    // While the user is online, there is a call for each left-out user.
    expect(await api.callsOfAPass()).toMatchObject({ [SESSIONS]: 900 });
    expect(api.shown()).toEqual(api.real());
    api.world.kick('sag-1', name);
    await api.pass();
    expect(await api.callsOfAPass()).toEqual({ [COUNTS]: 20, [SESSIONS]: 20 });
    expect(lines.map(({ level, msg }) => `${level} ${msg}`).slice(1)).toEqual([
      'info users whom the user statistics leave out count as offline again',
    ]);
  });

  it('are noticed at once when they were online a moment ago', async () => {
    await start(OFFLINE_LEFT_OUT);
    const { name } = api.onlineUser();
    api.alterCounts = (counts) => counts.delete(name);
    await api.pass();
    expect(api.shown()).toEqual(api.real());
    expect(api.counters()).toEqual({ sessionsStarted: 0, sessionsEnded: 0 });
  });

  it('in a single incomplete reply keep their sessions, and the trust lasts', async () => {
    await start(OFFLINE_LEFT_OUT);
    let isGarbled = true;
    api.alterCounts = (counts) => {
      if (counts.size > 0 && isGarbled) {
        isGarbled = false;
        counts.clear();
      }
    };
    api.simulator.requests.clear();
    await api.pass();
    expect(isGarbled).toBe(false);
    expect(api.shown()).toEqual(api.real());
    expect(api.counters()).toEqual({ sessionsStarted: 0, sessionsEnded: 0 });
    expect(api.simulator.requests.count({ operation: SESSIONS })).toBeLessThanOrEqual(20);
    expect(api.simulator.requests.count({ operation: COUNTS })).toBeLessThanOrEqual(21);
  });

  it('in an incomplete reply right after their login are shown as online', async () => {
    // From one left-out user, who is deleted later, the exporter has learned that left-out users are offline.
    await start({ before: (fleet) => fleet.removeOperation(TOTALS) });
    api.world.removeUser('sag-1', api.offlineUser('sag-1', 500).name);
    await api.pass(2);
    expect(api.record().evidence.leftOutIsOffline).toBe(true);
    const { name } = api.offlineUser();
    api.world.connect('sag-1', name);
    let isGarbled = true;
    api.alterCounts = (counts, names) => {
      if (names.includes(name) && isGarbled) {
        isGarbled = false;
        counts.clear();
      }
    };
    await api.pass();
    expect(isGarbled).toBe(false);
    expect(api.shown()).toEqual(api.real());
  });

  it('and who log in between the two calls contradict nothing', async () => {
    const lines: LogLine[] = [];
    await start({ ...OFFLINE_LEFT_OUT, lines });
    lines.splice(0);
    const others = new Set<string>();
    // Each user logs in right after the statistics were read.
    api.alterCounts = (_, names) => {
      const user = names.find((name) => others.size < 40 && !(name in api.real()));
      if (user === undefined || names.length === 1) return;
      others.add(user);
      api.world.connect('sag-1', user);
    };
    await api.pass(3);
    expect(others.size).toBe(40);
    expect(lines).toEqual([]);
    expect(api.shown()).toEqual(api.real());
  });

  it('are learned to be offline even if users log in during the pass', async () => {
    let logins = 0;
    await start({
      ...OFFLINE_LEFT_OUT,
      before: (fleet) => {
        fleet.removeOperation(TOTALS);
        fleet.alterCounts = (_, names) => {
          const offline = names.find(
            (name) => fleet.world.user('sag-1', name).sessions.length === 0,
          );
          if (names.length === 1 || offline === undefined || logins >= 20) return;
          logins++;
          fleet.world.connect('sag-1', offline);
        };
      },
    });
    expect(logins).toBe(20);
    expect(sumOf(await api.callsOfAPass())).toBeLessThanOrEqual(60);
    expect(api.shown()).toEqual(api.real());
  });

  it('are offline without another call where the total equals the sum', async () => {
    await start({ quirks: { statisticsOmit: 'offline' } });
    expect(await api.callsOfAPass()).toEqual({ [TOTALS]: 1, [COUNTS]: 20 });
    // Left-out users count as offline since then, so nothing changes when the totals are gone.
    api.removeOperation(TOTALS);
    await api.pass();
    expect(await api.callsOfAPass()).toEqual({ [COUNTS]: 20, [SESSIONS]: 20 });
  });

  it('are all asked where a total of 0 agrees with an empty reply', async () => {
    await start({
      instances: [{ id: 'sag-1', users: 200, onlineRatio: 0.2 }],
      before: (fleet) => {
        zeroTotals(fleet);
        fleet.alterCounts = (counts) => counts.clear();
      },
    });
    expect(Object.keys(api.shown())).toHaveLength(40);
    await api.pass(2);
    expect(api.shown()).toEqual(api.real());
  });

  it('stay known over a reload', async () => {
    await start(OFFLINE_LEFT_OUT);
    const { id, configured, stages } = api.record();
    const { users, online, sessions } = stages;
    const intervals = {
      users: users.interval,
      online: online.interval,
      sessions: sessions.interval,
    };
    expect(api.fleet.addInstance(id, { configured, intervals }).evidence).toMatchObject({
      leftOutIsOffline: true,
    });
  });
});

describe('a fallback', () => {
  const messagesOf = (lines: readonly LogLine[]) =>
    lines.map(({ level, msg }) => `${level} ${msg}`);

  it.each([
    [
      'InvalidApi.NotFound',
      TOTALS,
      'info',
      'is not known to the API: users are counted in batches',
    ],
    ['Forbidden.RAM', TOTALS, 'info', 'is not permitted: users are counted in batches'],
    ['InvalidApi.NotFound', COUNTS, 'warn', 'is not known to the API: users are asked one by one'],
    ['Forbidden.RAM', COUNTS, 'warn', 'is not permitted: users are asked one by one'],
  ])(
    'has one line when it begins and one when it ends: %s of %s',
    async (code, operation, level, text) => {
      const lines: LogLine[] = [];
      await start({
        lines,
        instances: [{ id: 'sag-1', users: 40, onlineRatio: 0.2 }],
        discoveryInterval: DISCOVERY,
        before: ({ simulator }) =>
          simulator.faults.add({
            match: { operation },
            effect: { error: { code, httpStatus: 404 } },
          }),
      });
      await api.clock.advance(HOUR);
      const [watching, begin, ...others] = messagesOf(lines);
      expect(watching).toBe('info watching the instance');
      expect(begin).toContain(`${level} ${operation} ${text}`);
      expect(others).toEqual([]);
      expect(lines[1]).toMatchObject({ region: 'cn-shanghai', operation, code });
      expect(api.fleet.account('test').fallbacks).toMatchObject([{ operation }]);
      // The operation is tried once after each discovery, not in each pass.
      expect(api.simulator.requests.count({ operation })).toBeLessThanOrEqual(8);
      expect(api.shown()).toEqual(api.real());

      api.simulator.faults.clear();
      await api.clock.advance(DISCOVERY + MINUTE);
      expect(messagesOf(lines).slice(2)).toEqual([
        expect.stringMatching(`^info ${operation} answers: `),
      ]);
      expect(api.fleet.account('test').fallbacks).toEqual([]);
      expect(api.shown()).toEqual(api.real());
    },
  );

  it('caused by totals alone asks no user one by one', async () => {
    await start({ before: (fleet) => fleet.removeOperation(TOTALS) });
    expect(await api.callsOfAPass()).not.toHaveProperty(SESSIONS);
  });

  it('of one instance leaves the others in batches', async () => {
    await start({
      instances: [
        { id: 'sag-1', users: 60, onlineRatio: 0.5 },
        { id: 'sag-2', users: 60, onlineRatio: 0.5 },
      ],
      before: ({ simulator }) =>
        simulator.permissions.deny({ operation: COUNTS, instanceId: 'sag-1' }),
    });
    expect(await api.callsOfAPass()).toEqual({ [TOTALS]: 1, [COUNTS]: 2, [SESSIONS]: 60 });
    expect(api.fleet.account('test').fallbacks).toEqual([
      { operation: COUNTS, reason: 'forbidden', regionId: 'cn-shanghai', instanceId: 'sag-1' },
    ]);
  });
});
