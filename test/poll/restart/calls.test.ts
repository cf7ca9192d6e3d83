import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { QUIRK_PRESETS } from '../../../src/simulator/index.ts';
import { type ExporterLife, type LifeOptions, RestartApi } from '../../support/restarts.ts';

const TOTALS = 'DescribeSagOnlineClientStatistics';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const SINGLE = 'DescribeUserOnlineClients';
const TRAFFIC = { traffic: { enabled: true, interval: 5 * MINUTE } };

/** In milliseconds: moments between passes and within them. */
const KILLS = [16, 16.01, 18.5, 21.05, 23.42].map((at) => at * MINUTE);
const DOWN = 4 * SECOND;
const COUNTED = 10 * MINUTE;

/**
 * Each time a few calls are on the other side of the end of the ten minutes. All restarts together must keep
 * to the 2 %.
 */
const MOST_IN_ONE = 1.04;
const MOST_IN_ALL = 1.02;

/**
 * Compares a process that goes on with restarted ones. Each of these takes over at its moment, and both poll the
 * same world for the following ten minutes.
 *
 * @returns for each restart, the calls of the restarted process divided by those of the other
 */
async function ratios(api: RestartApi, options: LifeOptions, kills = KILLS) {
  const goingOn = api.begin(options);
  const events: { readonly at: number; readonly happens: () => void }[] = [];
  const counted: { readonly expected: number; readonly calls: number }[] = [];
  for (const at of kills) {
    let restarted: ExporterLife;
    let callsBefore = 0;
    let handover: ReturnType<ExporterLife['handover']>;
    events.push(
      {
        at,
        happens: () => {
          handover = goingOn.handover();
          callsBefore = goingOn.callCount;
        },
      },
      {
        at: at + DOWN,
        happens: () => {
          restarted = api.begin(options, handover);
        },
      },
      {
        at: at + COUNTED,
        happens: () => {
          const expected = goingOn.callCount - callsBefore;
          counted.push({ expected, calls: restarted.callCount });
          void restarted.kill();
        },
      },
    );
  }
  for (const { at, happens } of events.toSorted((a, b) => a.at - b.at)) {
    await api.time.advance(at - api.time.monotonic());
    happens();
  }
  await goingOn.kill();
  const sumOf = (of: 'calls' | 'expected') => counted.reduce((sum, one) => sum + one[of], 0);
  return {
    all: sumOf('calls') / sumOf('expected'),
    most: Math.max(...counted.map(({ calls, expected }) => calls / expected)),
  };
}

describe('the ten minutes after a restart take at most 2 % more calls than without it', () => {
  it.each<[string, () => RestartApi, LifeOptions]>([
    ['in batches', () => new RestartApi([300, 200, 60, 3]), { settings: TRAFFIC }],
    ['with long passes', () => new RestartApi([300, 200, 3]), { requestsPerSecond: 2 }],
    [
      'with statistics that leave users out, without totals',
      () => {
        const api = new RestartApi([300, 100], { quirks: { statisticsOmit: 'offline' } });
        api.refuse('InvalidApi.NotFound', 404, { operation: TOTALS });
        return api;
      },
      { requestsPerSecond: 50 },
    ],
    [
      'with the quirks of the live API',
      () => new RestartApi([400, 60], { quirks: QUIRK_PRESETS.live }),
      {},
    ],
    [
      'while sessions are short',
      () => new RestartApi([400, 60], { of: { meanSessionMs: 5 * MINUTE } }),
      {},
    ],
    [
      'where counts in batches are not permitted',
      () => {
        const api = new RestartApi([60, 20]);
        api.refuse('Forbidden.RAM', 403, { operation: COUNTS });
        return api;
      },
      {},
    ],
    ['one by one', () => new RestartApi([60, 20]), { strategy: 'fan-out', settings: TRAFFIC }],
    [
      'one by one, without a pause',
      () => new RestartApi([60, 20]),
      { strategy: 'fan-out', requestsPerSecond: 1 },
    ],
    ['in a shard', () => new RestartApi([600, 200, 200, 60]), { shard: { index: 0, total: 2 } }],
  ])('%s', { timeout: 120_000 }, async (_, create, options) => {
    const { all, most } = await ratios(create(), options);
    expect(all).toBeLessThanOrEqual(MOST_IN_ALL);
    expect(most).toBeLessThanOrEqual(MOST_IN_ONE);
  });
});

describe('the budget after a restart', () => {
  const BUSY = {
    strategy: 'fan-out',
    requestsPerSecond: 100,
    settings: { onlineInterval: 5 * SECOND },
  } as const;

  /** Polls an API with a limit for a while, restarts, and counts the calls of the first 20 seconds. */
  async function restartWithin(limit: number, options: LifeOptions, restartOptions = options) {
    // A pass of that many users takes longer than the interval, so calls are always waiting.
    const api = new RestartApi([200]);
    api.simulator.limits.set({ kind: 'sliding-second', limit });
    const before = api.begin({ ...BUSY, ...options });
    await api.time.advance(2 * MINUTE);
    const handover = before.handover();
    await before.kill();
    await api.time.advance(30 * SECOND);
    const after = api.begin({ ...BUSY, ...restartOptions }, handover);
    const beginning = new Map(after.budgets);
    await api.time.advance(20 * SECOND);
    await after.kill();
    return { before, beginning, throttled: after.throttled, calls: after.calls.get(SINGLE) ?? 0 };
  }

  it('begins at the rate last learned, and is not refused again', async () => {
    const { before, beginning, calls, throttled } = await restartWithin(25, {});
    expect(beginning).toEqual(before.budgets);
    expect(calls).toBeGreaterThan(0.85 * 25 * 20);
    expect(throttled / calls).toBeLessThan(0.02);
  });

  it('keeps to a budget that was lowered', async () => {
    const { beginning, calls } = await restartWithin(25, {}, { requestsPerSecond: 5 });
    expect(Math.max(...beginning.values())).toBe(5);
    expect(calls).toBeLessThanOrEqual(5 * 20 + 1);
  });

  it('is divided anew when the number of shards has changed', async () => {
    const shard = { index: 0, total: 2 };
    const { before, beginning } = await restartWithin(25, {}, { shard });
    const halves = Array.from(before.budgets, ([operation, rate]) => [operation, rate / 2]);
    expect([...beginning]).toEqual(halves);
  });

  it('learns nothing while it does not adapt', async () => {
    const { beginning } = await restartWithin(25, { adaptive: false, requestsPerSecond: 20 }, {});
    expect(beginning).toEqual(new Map());
    const fixed = await restartWithin(25, {}, { adaptive: false, requestsPerSecond: 20 });
    expect(fixed.beginning).toEqual(new Map());
  });
});
