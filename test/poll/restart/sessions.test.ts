import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import type { EndedSessions } from '../../../src/fleet/fleet.ts';
import { RestartApi } from '../../support/restarts.ts';

const SINGLE = 'DescribeUserOnlineClients';
const STILL = { of: { activity: 'still', disabledRatio: 0 } } as const;

describe.each(['auto', 'fan-out'] as const)('sessions over a restart (%s)', (strategy) => {
  it('that began or ended while the process was down are counted at the first pass', async () => {
    const api = new RestartApi([100], STILL);
    const { world, time } = api;
    const options = { strategy, requestsPerSecond: 50 };
    const before = api.begin(options);
    await time.advance(3 * MINUTE);
    const handover = before.handover();
    await before.kill();
    const [leaving, removed, staying] = world.onlineUsers('sag-0');
    const joining = world.users('sag-0').find(({ sessions }) => sessions.length === 0);
    if (!leaving || !removed || !staying || !joining) throw new Error('too few users');
    const ended = leaving.sessions.length + removed.sessions.length;
    world.kick('sag-0', leaving.name);
    world.removeUser('sag-0', removed.name);
    world.connect('sag-0', joining.name);
    world.addUser('sag-0', { name: 'new.user' });
    world.connect('sag-0', 'new.user');
    await time.advance(2 * MINUTE);

    const after = api.begin(options, handover);
    const events: EndedSessions[] = [];
    after.fleet.onSessionsEnded((event) => events.push(event));
    const firstPass = time.now() / SECOND;
    await time.advance(10 * SECOND);
    // The list of users is due later, and shows only then who was removed and who is new.
    const gone = (name: string) =>
      events.filter(({ sessions }) => sessions.some(({ userName }) => userName === name));
    expect(gone(leaving.name)).toMatchObject([{ endedAt: expect.closeTo(firstPass, 0) }]);
    expect(after.record('sag-0').counters.sessionsStarted).toBe(1);
    await time.advance(30 * SECOND);
    expect(after.record('sag-0').counters).toMatchObject({
      sessionsStarted: 2,
      sessionsEnded: ended,
    });
    expect(gone(staying.name)).toEqual([]);
    await after.kill();
  });
});

it('a restart reads the sessions of users again only when their time has come', async () => {
  const api = new RestartApi([100], STILL);
  const before = api.begin();
  await api.time.advance(3 * MINUTE);
  const handover = before.handover();
  await before.kill();
  const online = api.world.onlineUsers('sag-0').length;
  const after = api.begin({}, handover);
  await api.time.advance(MINUTE + 50 * SECOND);
  expect(after.calls.get(SINGLE)).toBeUndefined();
  // The sessions were read at the beginning, and are read again after 5 minutes.
  await api.time.advance(50 * SECOND);
  expect(after.calls.get(SINGLE)).toBe(online);
  await after.kill();
});

it('a reload reads the sessions of users again only when their time has come', async () => {
  const api = new RestartApi([100], STILL);
  const life = api.begin();
  await api.time.advance(3 * MINUTE);
  const { counters } = life.record('sag-0');
  const calls = life.calls.get(SINGLE);
  await life.reload({ settings: { pageSize: 20 } });
  await api.time.advance(MINUTE);
  expect(life.calls.get(SINGLE)).toBe(calls);
  api.world.addUser('sag-0', { name: 'new.user' });
  api.world.connect('sag-0', 'new.user');
  await life.reload({});
  await api.time.advance(MINUTE);
  expect(life.record('sag-0').counters).toEqual({ ...counters, sessionsStarted: 1 });
  await life.kill();
});
