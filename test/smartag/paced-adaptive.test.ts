import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SECOND, sleep } from '../../src/clock.ts';
import { ApiError } from '../../src/model/api-error.ts';
import type { Client } from '../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../src/smartag/operations/describe-user-online-clients.ts';
import { paced } from '../../src/smartag/paced.ts';
import { ManualClock } from '../support/manual-clock.ts';

const LATENCY = 30;
const WORKERS = 16;

/** An API that refuses what exceeds `limit` in any second, and counts what it accepts and refuses. */
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

describe('an adaptive budget under work without end', () => {
  it('uses 90 % of a limit it is not told, with at most 2 % refused, a minute after each change', async () => {
    const clock = new ManualClock();
    const api = new LimitedApi(clock, 60);
    const rates: number[] = [];
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const client = paced(api, {
      clock,
      concurrency: WORKERS,
      requestsPerSecond: 1000,
      adaptive: true,
      onWait() {},
      onBudget: (_, rate) => rates.push(rate),
    });
    const request = { regionId: 'cn-shanghai', instanceId: 'sag-1', userName: 'ann' };
    const work = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await client.call(describeUserOnlineClients, request, stop.signal).catch(() => {});
      }
    };
    const working = Array.from({ length: WORKERS }, work);
    for (const limit of [60, 20, 60]) {
      api.limit = limit;
      await clock.advance(60 * SECOND);
      api.reset();
      await clock.advance(60 * SECOND);
      const calls = api.accepted + api.throttled;
      expect(api.accepted / (60 * limit)).toBeGreaterThanOrEqual(0.9);
      expect(api.throttled / calls).toBeLessThanOrEqual(0.02);
    }
    expect(rates[0]).toBe(10);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1000);
    stop.abort();
    client.close();
    await clock.advance(SECOND);
    await Promise.all(working);
    expect(clock.pending).toBe(0);
  });
});
