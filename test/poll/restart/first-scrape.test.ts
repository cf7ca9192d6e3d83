import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { reasonText } from '../../../src/fleet/not-ready.ts';
import { reasonsNotReady } from '../../../src/fleet/readiness.ts';
import { type ExporterLife, RestartApi, STALE_AFTER } from '../../support/restarts.ts';

const TRAFFIC = { traffic: { enabled: true, interval: 5 * MINUTE } };
const COUNTS = 'DescribeUserOnlineClientStatistics';

const notReady = ({ fleet }: ExporterLife) => reasonsNotReady(fleet, STALE_AFTER).map(reasonText);

/** The instances whose samples of a family have the value. */
function withValue(life: ExporterLife, family: string, value: number): readonly string[] {
  return Object.entries(life.lasting())
    .filter(([key, sample]) => key.startsWith(`${family}{`) && sample === value)
    .map(([key]) => /"instance_id":"([^"]*)"/.exec(key)?.[1] ?? '');
}

const up = (life: ExporterLife) => withValue(life, 'sag_app_instance_up', 1);

const hasPart = (life: ExporterLife, family: string): boolean =>
  Object.keys(life.lasting()).some((key) => key.startsWith(`${family}{`));

describe('the first scrape after a restart', () => {
  it.each([
    ['auto', undefined],
    ['auto', COUNTS],
    ['fan-out', undefined],
  ] as const)(
    'shows what the earlier process showed (%s, refused: %s)',
    async (strategy, operation) => {
      const api = new RestartApi([60, 20, 0]);
      if (operation) api.refuse('Forbidden.RAM', 403, { operation });
      const options = { strategy, settings: TRAFFIC };
      const before = api.begin(options);
      await api.time.advance(12 * MINUTE + 17 * SECOND);
      const [handover, shown] = [before.handover(), before.lasting()];
      await before.kill();
      await api.time.advance(20 * SECOND);
      const after = api.begin(options, handover);
      expect(after.lasting()).toEqual(shown);
      expect(after.budgets).toEqual(before.budgets);
      expect(after.callCount).toBe(0);
      expect(notReady(after)).toEqual([]);
      await after.kill();
    },
  );

  it('shows nothing that went stale while the process was down, and all of it is read at once', async () => {
    const api = new RestartApi([60]);
    const before = api.begin();
    await api.time.advance(10 * MINUTE);
    const handover = before.handover();
    await before.kill();
    await api.time.advance(DAY);
    const after = api.begin({}, handover);
    const owned = ['instance_info', 'users', 'online_users', 'user_info', 'user_online_clients'];
    expect(owned.filter((name) => hasPart(after, `sag_app_${name}`))).toEqual([]);
    expect(hasPart(after, 'sag_app_last_success_timestamp_seconds')).toBe(true);
    expect(notReady(after)).toEqual(['0 of 1 instances read; still waiting for sag-0 (users)']);
    await api.time.advance(20 * SECOND);
    expect(notReady(after)).toEqual([]);
    expect(after.record('sag-0').stages.sessions.hasEnded).toBe(true);
    expect(hasPart(after, 'sag_app_oldest_session_start_timestamp_seconds')).toBe(true);
    await after.kill();
  });

  it('has no part of an instance that was never read', async () => {
    const api = new RestartApi([60]);
    const refused = api.refuse('Forbidden.RAM', 403, {
      operation: 'DescribeSmartAccessGatewayClientUsers',
    });
    const before = api.begin();
    await api.time.advance(MINUTE);
    const handover = before.handover();
    await before.kill();
    refused();
    const after = api.begin({}, handover);
    expect(notReady(after)).toEqual(['0 of 1 instances read; still waiting for sag-0 (users)']);
    expect(hasPart(after, 'sag_app_users')).toBe(false);
    await api.time.advance(10 * SECOND);
    expect(notReady(after)).toEqual([]);
    await after.kill();
  });
});

describe('a clock that was set while the process was down', () => {
  /** Stops reading users for ten minutes, restarts with a wrong clock, and still reads nothing. */
  async function restartWith(clockError: number) {
    const api = new RestartApi([60]);
    const before = api.begin();
    await api.time.advance(6 * MINUTE);
    api.refuse('ServiceUnavailable', 503);
    await api.time.advance(9 * MINUTE);
    const handover = before.handover();
    const { lastSuccess } = before.record('sag-0').stages.users;
    await before.kill();
    const after = api.begin({}, handover, clockError);
    return { time: api.time, after, lastSuccess };
  }

  it('makes nothing fresher when it went back', async () => {
    const { time, after, lastSuccess } = await restartWith(-HOUR);
    expect(after.record('sag-0').stages.users.lastSuccess).toBe(lastSuccess);
    expect(hasPart(after, 'sag_app_users')).toBe(true);
    await time.advance(4 * MINUTE);
    expect(hasPart(after, 'sag_app_users')).toBe(true);
    // The newest success was at 5 minutes, 10 minutes before the restart.
    await time.advance(2 * MINUTE);
    expect(hasPart(after, 'sag_app_users')).toBe(false);
    await after.kill();
  });

  it('makes every pass due at once when it went back, because the interval may be over', async () => {
    const api = new RestartApi([60]);
    const before = api.begin();
    await api.time.advance(6 * MINUTE);
    const handover = before.handover();
    await before.kill();
    const after = api.begin({}, handover, -HOUR);
    await api.time.advance(10 * SECOND);
    const { stages } = after.record('sag-0');
    expect([stages.users.hasEnded, stages.online.hasEnded]).toEqual([true, true]);
    await after.kill();
  });

  it('makes the data stale when it went forward', async () => {
    const { after, lastSuccess } = await restartWith(HOUR);
    expect(after.record('sag-0').stages.users.lastSuccess).toBe(lastSuccess);
    expect(hasPart(after, 'sag_app_users')).toBe(false);
    await after.kill();
  });
});

describe('an instance is as up as it was until a newer pass has ended', () => {
  it('when its newest pass failed', async () => {
    const api = new RestartApi([20, 20]);
    const before = api.begin();
    await api.time.advance(6 * MINUTE);
    const refused = api.refuse('Forbidden.RAM', 403, { instanceId: 'sag-0' });
    await api.time.advance(MINUTE);
    const handover = before.handover();
    await before.kill();
    refused();
    const after = api.begin({}, handover);
    expect(up(after)).toEqual(['sag-1']);
    expect(after.record('sag-0').stages.online.lastError).toMatchObject({
      kind: 'forbidden',
      code: 'Forbidden.RAM',
    });
    await api.time.advance(30 * SECOND);
    expect(up(after)).toEqual(['sag-0', 'sag-1']);
    expect(after.record('sag-0').stages.online.failures.size).toBe(0);
    await after.kill();
  });

  it('when its account was paused; the account is tried again at once', async () => {
    const api = new RestartApi([20]);
    const before = api.begin();
    await api.time.advance(6 * MINUTE);
    const refused = api.refuse('InvalidAccessKeyId.NotFound', 404);
    // The online pass finds the key refused; the other stages were idle.
    await api.time.advance(40 * SECOND);
    const handover = before.handover();
    expect(up(before)).toEqual([]);
    await before.kill();
    refused();
    const after = api.begin({}, handover);
    expect(after.fleet.account('test').paused).toBeUndefined();
    expect(up(after)).toEqual([]);
    await api.time.advance(5 * SECOND);
    expect(up(after)).toEqual(['sag-0']);
    await after.kill();
  });
});
