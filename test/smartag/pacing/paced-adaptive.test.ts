import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SECOND, sleep } from '../../../src/clock.ts';
import { ApiError } from '../../../src/model/api-error.ts';
import type { LearnedRate } from '../../../src/model/learned.ts';
import type { Client } from '../../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { type PaceSettings, paced } from '../../../src/smartag/pacing/paced.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const LATENCY = 30;
const WORKERS = 16;

/** An API that refuses calls beyond `limit` in any second, and counts accepted and refused calls. */
class LimitedApi implements Client {
  limit: number;
  accepted = 0;
  throttled = 0;
  readonly #clock: ManualClock;
  #recent: number[] = [];

  constructor(clock: ManualClock, limit: number) {
    this.#clock = clock;
    this.limit = limit;
  }

  async call<Reply>(operation: { readonly name: string }): Promise<Reply> {
    const now = this.#clock.monotonic();
    this.#recent = this.#recent.filter((moment) => moment > now - SECOND);
    const isRefused = this.#recent.length >= this.limit;
    if (isRefused) this.throttled++;
    else {
      this.accepted++;
      this.#recent.push(now);
    }
    await sleep(this.#clock, LATENCY);
    if (isRefused) {
      throw new ApiError({ kind: 'throttled', operation: operation.name, detail: 'flow control' });
    }
    return [] as unknown as Reply;
  }

  reset(): void {
    this.accepted = 0;
    this.throttled = 0;
  }
}

/** Clients of one API: each is a shard with more calls to make than the budget allows. */
class BusyShards {
  readonly #clients: readonly ReturnType<typeof paced>[];
  readonly #stop = new AbortController();
  readonly #working: readonly Promise<void>[];
  /** For each shard, all rates that it was allowed. */
  readonly rates: readonly (readonly number[])[];

  constructor(api: LimitedApi, clock: ManualClock, options: BusyOptions) {
    const { requestsPerSecond, total, adaptive = true } = options;
    setMaxListeners(0, this.#stop.signal);
    const rates = Array.from({ length: total }, (): number[] => []);
    this.rates = rates;
    this.#clients = rates.map((own, index) =>
      paced(api, {
        clock,
        concurrency: WORKERS,
        requestsPerSecond,
        adaptive,
        shard: { index, total },
        onWait() {},
        onBudget: (_, rate) => own.push(rate),
      }),
    );
    const { signal } = this.#stop;
    const request = { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'ann' };
    this.#working = this.#clients.flatMap((client) =>
      Array.from({ length: WORKERS }, async () => {
        while (!signal.aborted) {
          await client.call(describeUserOnlineClients, request, signal).catch(() => {});
        }
      }),
    );
  }

  /** The sum of all shards' rates, at the beginning and at the highest. */
  get together(): { readonly first: number; readonly most: number } {
    const sum = (of: (rates: readonly number[]) => number): number =>
      this.rates.reduce((all, rates) => all + of(rates), 0);
    return { first: sum(([rate = 0]) => rate), most: sum((rates) => Math.max(...rates)) };
  }

  async stop(clock: ManualClock): Promise<void> {
    this.#stop.abort();
    for (const client of this.#clients) client.close();
    await clock.advance(SECOND);
    await Promise.all(this.#working);
    expect(clock.pending).toBe(0);
  }
}

interface BusyOptions {
  readonly requestsPerSecond: number;
  readonly total: number;
  readonly adaptive?: boolean;
}

describe.each([1, 3])('an adaptive budget under constant load, of %i processes', (total) => {
  it('uses 90 % of an unknown limit, with at most 2 % of calls refused, a minute after each change', async () => {
    const clock = new ManualClock();
    const api = new LimitedApi(clock, 60);
    const shards = new BusyShards(api, clock, { requestsPerSecond: 1000, total });
    for (const limit of [60, 20, 60]) {
      api.limit = limit;
      await clock.advance(60 * SECOND);
      api.reset();
      await clock.advance(60 * SECOND);
      const calls = api.accepted + api.throttled;
      expect(api.accepted / (60 * limit)).toBeGreaterThanOrEqual(0.9);
      expect(api.throttled / calls).toBeLessThanOrEqual(0.02);
    }
    expect(shards.together.first).toBeCloseTo(10, 10);
    expect(shards.together.most).toBeLessThanOrEqual(1000);
    await shards.stop(clock);
  });
});

describe('shards of a budget that equals the limit of the API', () => {
  it.each([
    [10, 3, true],
    [10, 3, false],
    [40, 3, true],
    [40, 7, true],
    [7, 7, false],
    [3.5, 3, false],
  ])(
    '%f calls a second, %i shards, adaptive %s: none is refused',
    async (limit, total, adaptive) => {
      const clock = new ManualClock();
      const api = new LimitedApi(clock, Math.ceil(limit));
      const shards = new BusyShards(api, clock, { requestsPerSecond: limit, total, adaptive });
      await clock.advance(120 * SECOND);
      expect(api.throttled).toBe(0);
      expect(api.accepted / (120 * limit)).toBeGreaterThanOrEqual(0.9);
      expect(shards.together.most).toBeCloseTo(limit, 10);
      await shards.stop(clock);
    },
  );
});

describe('the rates that one process hands to the next', () => {
  const request = { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'ann' };

  /** Makes a client that begins with these rates; its calls are answered with an empty list. */
  function begin(learned: readonly LearnedRate[], options: Partial<PaceSettings> = {}) {
    const clock = new ManualClock();
    const shown = new Map<string, number>();
    const client = paced(new LimitedApi(clock, 1000), {
      clock,
      concurrency: WORKERS,
      requestsPerSecond: 100,
      adaptive: true,
      learned,
      onWait() {},
      onBudget: (operation, rate) => shown.set(operation, rate),
      ...options,
    });
    return { client, clock, shown };
  }
  const LEARNED = [{ operation: describeUserOnlineClients.name, rate: 30, ceiling: 60 }];

  it('are shown before the first call, and handed on as they were', () => {
    const { client, shown } = begin(LEARNED);
    expect([...shown]).toEqual([[describeUserOnlineClients.name, 30]]);
    expect(client.rates).toEqual(LEARNED);
  });

  it.each([
    [3, 10, 20],
    [2, 15, 30],
  ])('are divided among %i shards', (total, rate, ceiling) => {
    const shard = { index: 1, total };
    const { client, shown } = begin(LEARNED, { shard });
    expect([...shown.values()]).toEqual([rate]);
    expect(client.rates).toMatchObject([{ rate: rate * total, ceiling: ceiling * total }]);
  });

  it('have no ceiling before the first refusal', async () => {
    const { client, clock } = begin([]);
    const call = client.call(describeUserOnlineClients, request, new AbortController().signal);
    await clock.advance(SECOND);
    await call;
    expect(client.rates).toEqual([
      { operation: describeUserOnlineClients.name, rate: expect.any(Number) },
    ]);
  });

  it('are not used and not handed on where the rate is fixed', () => {
    const { client, shown } = begin(LEARNED, { adaptive: false });
    expect([...shown]).toEqual([]);
    expect(client.rates).toEqual([]);
  });
});
