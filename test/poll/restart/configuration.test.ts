import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { reasonText } from '../../../src/fleet/not-ready.ts';
import { reasonsNotReady } from '../../../src/fleet/readiness.ts';
import { ownerOf } from '../../../src/poll/shard-owner.ts';
import {
  type ExporterLife,
  type LifeOptions,
  RestartApi,
  STALE_AFTER,
} from '../../support/restarts.ts';

const LIST = 'DescribeSmartAccessGateways';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const TRAFFIC = { traffic: { enabled: true, interval: 5 * MINUTE } };

/** Polls with one configuration, and restarts with another one. */
async function restart(
  before: LifeOptions,
  after: LifeOptions,
  api = new RestartApi([20, 20, 20]),
): Promise<{ readonly api: RestartApi; readonly life: ExporterLife }> {
  const earlier = api.begin(before);
  await api.time.advance(6 * MINUTE);
  const handover = earlier.handover();
  await earlier.kill();
  await api.time.advance(5 * SECOND);
  return { api, life: api.begin(after, handover) };
}

const watched = ({ fleet }: ExporterLife): readonly string[] =>
  Array.from(fleet.instances, ({ id }) => id.instanceId).toSorted();

/** The instances whose users and online counts are shown. */
const shown = (life: ExporterLife): readonly string[] =>
  watched(life).filter((id) => {
    const { users, online } = life.record(id).snapshot;
    return users !== undefined && online !== undefined;
  });

describe('after a restart with another configuration', () => {
  it('an unchanged configuration waits for the next discovery', async () => {
    const { api, life } = await restart({}, {});
    await api.time.advance(3 * MINUTE);
    expect(life.calls.get(LIST)).toBeUndefined();
    await api.time.advance(2 * MINUTE);
    expect(life.calls.get(LIST)).toBe(1);
    await life.kill();
  });

  it('an instance that is left out now is forgotten at once', async () => {
    const { life } = await restart({}, { account: { exclude: ['sag-1'] } });
    expect(watched(life)).toEqual(['sag-0', 'sag-2']);
    expect(life.scrape()).not.toContain('sag-1');
    expect(shown(life)).toEqual(['sag-0', 'sag-2']);
    await life.kill();
  });

  it('an instance that is wanted now is discovered at once, and waited for', async () => {
    const { api, life } = await restart({ account: { include: ['sag-1'] } }, {});
    expect(shown(life)).toEqual(['sag-1']);
    expect(reasonsNotReady(life.fleet, STALE_AFTER).map(reasonText)).toEqual([
      'account test: discovery in cn-shanghai has not ended yet',
    ]);
    await api.time.advance(5 * SECOND);
    expect(shown(life)).toEqual(['sag-0', 'sag-1', 'sag-2']);
    expect(reasonsNotReady(life.fleet, STALE_AFTER).map(reasonText)).toEqual([]);
    await life.kill();
  });

  it('an instance that the configuration names keeps its data, with the limit of the configuration', async () => {
    const instances = [{ id: 'sag-1', region: 'cn-shanghai', usersLimit: 777 }];
    const { life } = await restart({}, { account: { discovery: false, instances } });
    expect(watched(life)).toEqual(['sag-1']);
    expect(shown(life)).toEqual(['sag-1']);
    expect(life.scrape()).toMatch(/sag_app_users_limit\{.*instance_id="sag-1".*\} 777\n/);
    await life.kill();
  });

  it('a shard takes the instances that it owns, and discovers at once', async () => {
    const owned = (index: number): readonly string[] =>
      ['sag-0', 'sag-1', 'sag-2'].filter(
        (instanceId) =>
          ownerOf({ account: 'test', regionId: 'cn-shanghai', instanceId }, 2) === index,
      );
    const { api, life } = await restart({}, { shard: { index: 0, total: 2 } });
    expect(shown(life)).toEqual(owned(0));
    await api.time.advance(5 * SECOND);
    expect(life.calls.get(LIST)).toBe(1);
    expect(shown(life)).toEqual(owned(0));
    await life.kill();

    const other = await restart(
      { shard: { index: 0, total: 2 } },
      { shard: { index: 1, total: 2 } },
    );
    expect(watched(other.life)).toEqual([]);
    await other.api.time.advance(5 * SECOND);
    expect(shown(other.life)).toEqual(owned(1));
    await other.life.kill();
  });

  it('a stage that is disabled now is not shown; one that is enabled now begins at once', async () => {
    const without = await restart({ settings: TRAFFIC }, {});
    expect(without.life.record('sag-0').snapshot.traffic).toBeUndefined();
    expect(without.life.record('sag-0').stages.traffic).toBeUndefined();
    await without.life.kill();
    const { api, life } = await restart({}, { settings: TRAFFIC });
    await api.time.advance(5 * SECOND);
    expect(life.record('sag-0').snapshot.traffic?.users.size).toBe(20);
    expect(life.record('sag-0').stages.users.hasEnded).toBe(false);
    await life.kill();
  });

  it.each([
    ['auto', [COUNTS]],
    ['batched', []],
    ['fan-out', []],
  ] as const)(
    'a batched operation is done without only where the strategy is %s',
    async (strategy, fallbacks) => {
      const api = new RestartApi([20]);
      api.refuse('Forbidden.RAM', 403, { operation: COUNTS });
      const { life } = await restart({}, { strategy }, api);
      expect(life.fleet.account('test').fallbacks.map(({ operation }) => operation)).toEqual(
        fallbacks,
      );
      await api.time.advance(30 * SECOND);
      // `batched` goes on calling the operation, and says that it fails.
      expect(life.calls.has(COUNTS)).toBe(strategy === 'batched');
      await life.kill();
    },
  );

  it('a fallback ends when the operation answers again after discovery', async () => {
    const api = new RestartApi([20]);
    const permit = api.refuse('Forbidden.RAM', 403, { operation: COUNTS });
    const { life } = await restart({}, {}, api);
    permit();
    await api.time.advance(2 * MINUTE);
    expect(life.fleet.account('test').fallbacks).toHaveLength(1);
    await api.time.advance(3 * MINUTE);
    expect(life.fleet.account('test').fallbacks).toEqual([]);
    await life.kill();
  });

  it('nothing that was learned of another server is used', async () => {
    const api = new RestartApi([20]);
    api.refuse('Forbidden.RAM', 403, { operation: COUNTS });
    const { life } = await restart({}, { account: { endpoint: 'https://example.com' } }, api);
    expect(life.fleet.account('test').fallbacks).toEqual([]);
    expect(life.learned).toMatchObject({
      endpoint: 'https://example.com',
      userPaging: { totalCount: 'unknown', hasTotals: false, longestPage: 0 },
      areTotalsRight: false,
    });
    await life.kill();
  });

  it('shorter intervals count from the last start of the earlier process', async () => {
    const { api, life } = await restart({}, { settings: { usersInterval: 2 * MINUTE } });
    const { users } = life.record('sag-0').stages;
    // The last pass began at 5 minutes, the restart was at 6:05.
    await api.time.advance(50 * SECOND);
    expect(users.hasEnded).toBe(false);
    await api.time.advance(10 * SECOND);
    expect(users.hasEnded).toBe(true);
    await life.kill();
  });
});
