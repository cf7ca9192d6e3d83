import { describe, expect, it } from 'vitest';
import { type Clock, SECOND } from '../../../src/clock.ts';
import { Budget, steadyRate } from '../../../src/smartag/pacing/budget.ts';
import { shareOf } from '../../../src/smartag/pacing/share.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { NEVER } from '../calls.ts';

const RATES = [0.5, 1, 2.5, 5, 9, 10, 10.5, 11.5, 19.5, 50, 500];

/** Tolerance for rounding, as moments are sums of fractions. It is less than any spacing. */
const ROUNDING = 1e-6;

/** The largest number of moments within any window of one second. */
function mostInOneSecond(moments: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, moment] of moments.entries()) {
    while ((moments[first] ?? 0) <= moment - SECOND + ROUNDING) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Calls are whole numbers, so a limit is rounded up. */
const mostAllowed = (rate: number) => Math.max(Math.ceil(rate), Math.floor(rate * 1.1));

/** A clock whose timers are late by 0 to `most` milliseconds, in a fixed order. */
function lateBy(clock: ManualClock, most: number): Clock {
  let state = 1;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after(ms, callback) {
      state = (state * 48_271) % 2_147_483_647;
      return clock.after(ms + (state / 2_147_483_647) * most, callback);
    },
  };
}

/** Spends as fast as the budget allows for some seconds, and returns the moments of spending. */
async function spendFor(
  seconds: number,
  budget: Budget,
  clock: ManualClock,
): Promise<readonly number[]> {
  const stop = new AbortController();
  const moments: number[] = [];
  const spending = (async () => {
    for (;;) {
      await budget.ready(stop.signal);
      moments.push(budget.spend());
    }
  })();
  spending.catch(() => {});
  await clock.advance(seconds * SECOND);
  stop.abort();
  return moments;
}

const durationFor = (rate: number) => (rate < 20 ? 60 : 10);

describe('while calls wait', () => {
  it.each(RATES)('%f a second are never more than 110 % in a second', async (rate) => {
    const clock = new ManualClock();
    const moments = await spendFor(durationFor(rate), new Budget(clock, steadyRate(rate)), clock);
    expect(mostInOneSecond(moments)).toBeLessThanOrEqual(mostAllowed(rate));
  });

  it.each(RATES)('%f a second are used completely', async (rate) => {
    const seconds = durationFor(rate);
    const clock = new ManualClock();
    const moments = await spendFor(seconds, new Budget(clock, steadyRate(rate)), clock);
    expect(moments.length).toBeGreaterThanOrEqual(rate * seconds);
  });

  it.each(RATES)('%f a second are kept to and used with timers that are late', async (rate) => {
    const seconds = durationFor(rate);
    const clock = new ManualClock();
    const moments = await spendFor(seconds, new Budget(lateBy(clock, 8), steadyRate(rate)), clock);
    expect(mostInOneSecond(moments)).toBeLessThanOrEqual(mostAllowed(rate));
    expect(moments.length).toBeGreaterThanOrEqual(0.95 * rate * seconds);
  });
});

/** The moments of calls of all shards of one budget. Each shard has a clock with its own lateness. */
async function spendTogether(
  rate: number,
  total: number,
  lateness = 8,
): Promise<readonly number[]> {
  const seconds = durationFor(rate);
  const moments = await Promise.all(
    Array.from({ length: total }, async (_, index) => {
      const clock = new ManualClock();
      const law = steadyRate(shareOf(rate, { index, total }));
      // Shards start at different moments; in the worst case, all are at the same point of their second.
      return spendFor(seconds, new Budget(lateBy(clock, lateness), law, true), clock);
    }),
  );
  return moments.flat().toSorted((a, b) => a - b);
}

describe('while calls wait in several processes that share one budget', () => {
  const SHARED = RATES.flatMap((rate) => [2, 3, 4, 7].map((total) => [rate, total] as const));

  it.each(SHARED.filter(([rate, total]) => rate >= total))(
    '%f a second among %i are never more in a second',
    async (rate, total) => {
      const moments = await spendTogether(rate, total);
      expect(mostInOneSecond(moments)).toBeLessThanOrEqual(Math.ceil(rate));
    },
  );

  it.each(SHARED.filter(([rate, total]) => rate >= total))(
    '%f a second among %i are no more for ways of 10 ms more or less',
    async (rate, total) => {
      const sent = await spendTogether(rate, total);
      const arrived = sent.map((moment, index) => moment + ((index * 7919) % 10));
      expect(mostInOneSecond(arrived.toSorted((a, b) => a - b))).toBeLessThanOrEqual(
        Math.ceil(rate),
      );
    },
  );

  it.each(SHARED.filter(([rate, total]) => rate < total))(
    '%f a second among %i are at most one of each in a second',
    async (rate, total) => {
      const moments = await spendTogether(rate, total);
      expect(mostInOneSecond(moments)).toBeLessThanOrEqual(total);
      expect(moments.length).toBeLessThanOrEqual(rate * durationFor(rate) + total);
    },
  );

  it.each(SHARED)('%f a second among %i are used, except for the headroom', async (rate, total) => {
    const moments = await spendTogether(rate, total);
    expect(moments.length).toBeGreaterThanOrEqual(0.93 * rate * durationFor(rate));
  });
});

describe('a budget', () => {
  it('lets the first call through at once', async () => {
    const clock = new ManualClock();
    await new Budget(clock, steadyRate(0.5)).ready(NEVER);
    expect(clock.pending).toBe(0);
  });

  it.each(RATES)('of %f a second saves up no calls while it is not used', async (rate) => {
    const clock = new ManualClock();
    const budget = new Budget(clock, steadyRate(rate));
    const before = await spendFor(3, budget, clock);
    await clock.advance(3600 * SECOND);
    const after = await spendFor(3, budget, clock);
    expect(mostInOneSecond([...before, ...after])).toBeLessThanOrEqual(mostAllowed(rate));
  });

  it('whose next call is late counts from that call', async () => {
    const clock = new ManualClock();
    const budget = new Budget(clock, steadyRate(1));
    await budget.ready(NEVER);
    await clock.advance(10 * SECOND);
    budget.spend();
    let isReady = false;
    const ready = budget.ready(NEVER).then(() => {
      isReady = true;
    });
    await clock.advance(SECOND - 1);
    expect(isReady).toBe(false);
    await clock.advance(1);
    await ready;
  });

  it('that is ready and not spent stays ready', async () => {
    const clock = new ManualClock();
    const budget = new Budget(clock, steadyRate(0.5));
    await budget.ready(NEVER);
    await budget.ready(NEVER);
    expect(clock.pending).toBe(0);
  });

  it('is waited for until the signal aborts', async () => {
    const clock = new ManualClock();
    const budget = new Budget(clock, steadyRate(0.5));
    budget.spend();
    const stop = new AbortController();
    const ready = budget.ready(stop.signal);
    expect(clock.pending).toBe(1);
    stop.abort(new Error('stopped by the test'));
    await expect(ready).rejects.toThrow('stopped by the test');
    expect(clock.pending).toBe(0);
  });

  // A refused probe too: then the next call waits for the pause after it, and no longer for its answer.
  it.each(['accepted', 'throttled'] as const)(
    'no longer waits when a call that was %s has shortened the pause',
    async (answer) => {
      const clock = new ManualClock();
      let pausedUntil = clock.monotonic() + 10 * SECOND;
      const shorten = (): void => {
        pausedUntil = clock.monotonic();
      };
      const law = { ...steadyRate(1), accepted: shorten, throttled: shorten };
      const budget = new Budget(
        clock,
        Object.defineProperty(law, 'pausedUntil', { get: () => pausedUntil }),
      );
      const ready = budget.ready(NEVER);
      budget[answer](clock.monotonic());
      expect(clock.pending).toBe(0);
      await ready;
    },
  );

  it('has the rate of its law', () => {
    expect(new Budget(new ManualClock(), steadyRate(2.5)).rate).toBe(2.5);
  });
});
