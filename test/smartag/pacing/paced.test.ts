import { getEventListeners, setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { ApiError } from '../../../src/model/api-error.ts';
import type { Client, Operation, Request } from '../../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { type PaceOptions, paced, type RequestedPause } from '../../../src/smartag/pacing/paced.ts';
import { ManualClock, settle } from '../../support/manual-clock.ts';
import { NEVER } from '../calls.ts';

/** So fast that the budget never delays a call. */
const UNLIMITED = 1e9;

const OTHER = { ...describeUserOnlineClients, name: 'Other' };

interface Sent {
  readonly operation: string;
  readonly instanceId: string | undefined;
  readonly at: number;
  readonly answer: () => void;
  readonly fail: (error: unknown) => void;
}

/** A paced client of an API whose calls hang until the test answers them. */
function pacing(options: Partial<PaceOptions> = {}) {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const waits: (readonly [string, number])[] = [];
  const budgets: (readonly [string, number])[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const api: Client = {
    async call<Req extends Request, Reply>(
      operation: Operation<Req, Reply>,
      request: Req,
    ): Promise<Reply> {
      inFlight++;
      mostInFlight = Math.max(mostInFlight, inFlight);
      try {
        await new Promise<void>((answer, fail) => {
          const { instanceId } = request;
          sent.push({ operation: operation.name, instanceId, at: clock.monotonic(), answer, fail });
        });
        return operation.reply.parse({ RequestId: 'R-1' });
      } finally {
        inFlight--;
      }
    },
  };
  const client = paced(api, {
    clock,
    concurrency: 4,
    requestsPerSecond: UNLIMITED,
    adaptive: false,
    onWait: (operation, seconds) => waits.push([operation, seconds]),
    onBudget: (operation, rate) => budgets.push([operation, rate]),
    ...options,
  });
  return {
    clock,
    client,
    sent,
    waits,
    budgets,
    get mostInFlight() {
      return mostInFlight;
    },
    call(instanceId: string, signal = NEVER, operation = describeUserOnlineClients) {
      const call = client.call(
        operation,
        { regionId: 'cn-shanghai', instanceId, userName: 'a' },
        signal,
      );
      call.catch(() => {});
      return call;
    },
    /** Answers every call at once until no more come, and returns their order. */
    async answerAll(): Promise<readonly (string | undefined)[]> {
      let answered = 0;
      for (let idle = 0; idle < 3; idle++) {
        await settle();
        for (const { answer } of sent.slice(answered)) {
          answer();
          answered++;
          idle = 0;
        }
      }
      return sent.map(({ instanceId }) => instanceId);
    },
  };
}

describe('calls', () => {
  it('pass with their replies and errors', async () => {
    const api = pacing();
    const [good, bad] = [api.call('a'), api.call('a')];
    await settle();
    api.sent[0]?.answer();
    const failure = new Error('refused');
    api.sent[1]?.fail(failure);
    await expect(good).resolves.toEqual([]);
    await expect(bad).rejects.toBe(failure);
  });

  it.each([1, 2, 8])('are never more than %i at once', async (concurrency) => {
    const api = pacing({ concurrency });
    for (let each = 0; each < 100; each++) api.call(`sag-${each % 7}`);
    for (let each = 0; each < 100; each++) api.call(`sag-${each % 5}`, NEVER, OTHER);
    expect(await api.answerAll()).toHaveLength(200);
    expect(api.mostInFlight).toBe(concurrency);
  });

  it.each([
    ['throttled', true],
    ['throttled', false],
    ['unavailable', true],
    ['unavailable', false],
  ] as const)(
    'pause as long as the API asks, a minute at most (%s, adaptive %s)',
    async (kind, adaptive) => {
      const pauses: RequestedPause[] = [];
      const api = pacing({ adaptive, requestsPerSecond: 10, onPause: (one) => pauses.push(one) });
      for (const [retryAfter, kept] of [
        [4000, 4000],
        [30_000, 30_000],
        [600_000, 60_000],
      ] as const) {
        const { length } = api.sent;
        api.call('a');
        await api.clock.advance(2 * SECOND);
        expect(api.sent).toHaveLength(length + 1);
        const operation = describeUserOnlineClients.name;
        api.sent[length]?.fail(new ApiError({ kind, operation, detail: '', retryAfter }));
        await settle();
        api.call('a');
        const other = api.call('a', NEVER, OTHER);
        await api.clock.advance(kept - 1);
        // Other operations are not paused.
        expect(api.sent.slice(length + 1).map((one) => one.operation)).toEqual(['Other']);
        await api.clock.advance(2 * SECOND);
        expect(api.sent).toHaveLength(length + 3);
        for (const one of api.sent.slice(length + 1)) one.answer();
        await other;
      }
      const operation = describeUserOnlineClients.name;
      // A short pause is not reported.
      expect(pauses).toEqual([
        { operation, requested: 30_000, made: 30_000 },
        { operation, requested: 600_000, made: 60_000 },
      ]);
    },
  );

  it('keep to the rate of their operation, each operation by itself', async () => {
    const api = pacing({ requestsPerSecond: 2, concurrency: 100 });
    for (let each = 0; each < 6; each++) {
      api.call('a');
      api.call('a', NEVER, OTHER);
    }
    await api.clock.advance(10 * SECOND);
    for (const operation of [describeUserOnlineClients.name, OTHER.name]) {
      const times = api.sent.filter((each) => each.operation === operation).map(({ at }) => at);
      expect(times).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    }
  });

  it('that slow calls delayed are not sent in a burst', async () => {
    const api = pacing({ requestsPerSecond: 1, concurrency: 2 });
    for (const instanceId of ['slow', 'slow']) api.call(instanceId, NEVER, OTHER);
    await api.clock.advance(5 * SECOND);
    for (const instanceId of ['a', 'b', 'c']) api.call(instanceId);
    await api.clock.advance(60 * SECOND);
    for (const { answer } of api.sent) answer();
    await api.clock.advance(10 * SECOND);
    for (const { answer } of api.sent) answer();
    await api.clock.advance(10 * SECOND);
    const times = api.sent
      .filter(({ operation }) => operation === describeUserOnlineClients.name)
      .map(({ at }) => at);
    expect(times).toEqual([65_000, 66_000, 75_000]);
  });

  it('report their wait when they are sent, and budgets are reported when they are made', async () => {
    const api = pacing({ requestsPerSecond: 0.5 });
    api.call('a');
    api.call('a');
    await api.clock.advance(10 * SECOND);
    const { name } = describeUserOnlineClients;
    expect(api.waits).toEqual([
      [name, 0],
      [name, 2],
    ]);
    expect(api.budgets).toEqual([[name, 0.5]]);
  });

  it('fail, and do not hang, when their observer throws', async () => {
    const api = pacing({
      onWait: () => {
        throw new Error('a defect of the observer');
      },
    });
    await expect(api.call('a')).rejects.toThrow('a defect of the observer');
  });
});

describe('instances are served in turn', () => {
  it('so that a long queue of one instance does not delay another', async () => {
    const api = pacing({ concurrency: 1 });
    for (let each = 0; each < 1000; each++) api.call('long');
    await settle();
    api.call('short');
    const order = await api.answerAll();
    expect(order).toHaveLength(1001);
    expect(order.indexOf('short')).toBeLessThanOrEqual(2);
  });

  it('also when they wait for the budget', async () => {
    const api = pacing({ requestsPerSecond: 1 });
    for (let each = 0; each < 100; each++) api.call('long');
    await api.clock.advance(2.5 * SECOND);
    const since = api.sent.length;
    api.call('short');
    for (const { answer } of api.sent) answer();
    await api.clock.advance(2 * SECOND);
    expect(api.sent.slice(since).map(({ instanceId }) => instanceId)).toContain('short');
  });

  it('so that hanging calls of one instance take no more than their share while others wait', async () => {
    const api = pacing({ concurrency: 4 });
    for (let each = 0; each < 100; each++) api.call('hung');
    for (let each = 0; each < 10; each++) api.call('sound');
    let answered = 0;
    for (let round = 0; round < 30; round++) {
      await settle();
      for (const { instanceId, answer } of api.sent) {
        if (instanceId !== 'sound') continue;
        answer();
        answered++;
      }
    }
    expect(answered).toBeGreaterThan(0);
    expect(api.sent.filter(({ instanceId }) => instanceId === 'sound')).toHaveLength(10);
  });

  it('over all operations together', async () => {
    const api = pacing({ concurrency: 4 });
    for (let each = 0; each < 3; each++) api.call('busy', NEVER, OTHER);
    await settle();
    for (const instanceId of ['busy', 'free']) api.call(instanceId);
    await settle();
    expect(api.sent.map(({ instanceId }) => instanceId)).toEqual(['busy', 'busy', 'busy', 'free']);
  });
});

describe('a call that is aborted', () => {
  it('while it waits ends at once, is not sent, and costs no budget', async () => {
    const api = pacing({ requestsPerSecond: 1 });
    const stop = new AbortController();
    api.call('a');
    const aborted = api.call('b', stop.signal);
    await api.clock.advance(100);
    const reason = new Error('stopped by the test');
    stop.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    api.call('c');
    await api.clock.advance(SECOND);
    expect(api.sent.map(({ instanceId, at }) => [instanceId, at])).toEqual([
      ['a', 0],
      ['c', 1000],
    ]);
  });

  it('before it is made is not sent', async () => {
    const api = pacing();
    const reason = new Error('stopped by the test');
    await expect(api.call('a', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(api.sent).toEqual([]);
  });

  it('does not take slots or turns from other calls', async () => {
    const api = pacing({ concurrency: 1 });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    api.call('hung');
    await settle();
    for (let each = 0; each < 50; each++) api.call('gone', stop.signal);
    api.call('kept');
    await settle();
    stop.abort();
    expect(await api.answerAll()).toEqual(['hung', 'kept']);
  });
});

it('signals keep no listener once their calls are sent, aborted or dropped', async () => {
  const api = pacing({ concurrency: 1 });
  const stop = new AbortController();
  api.call('a', stop.signal);
  api.call('b', stop.signal);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(2);
  await api.answerAll();
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);

  const later = pacing({ concurrency: 1 });
  later.call('a', stop.signal);
  later.call('b', stop.signal);
  await settle();
  later.client.close();
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
});

describe('closing', () => {
  it('leaves no timer and ends waiting calls', async () => {
    const api = pacing({ requestsPerSecond: 0.5 });
    api.call('a');
    const waiting = api.call('b');
    await settle();
    expect(api.clock.pending).toBe(1);
    api.client.close();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await settle();
    expect([api.clock.pending, api.sent.length]).toEqual([0, 1]);
  });

  it('also ends calls that wait for a slot', async () => {
    const api = pacing({ concurrency: 1 });
    const hung = api.call('a');
    const waiting = api.call('b');
    await settle();
    api.client.close();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    api.sent[0]?.answer();
    await expect(hung).resolves.toEqual([]);
    await settle();
    expect(api.sent).toHaveLength(1);
  });

  it('makes every later call fail', async () => {
    const api = pacing();
    api.client.close();
    await expect(api.call('a')).rejects.toMatchObject({ name: 'AbortError' });
    expect(api.sent).toEqual([]);
  });
});
