import { describe, expect, it } from 'vitest';
import { ApiError, type ApiErrorFacts, type ErrorKind } from '../../../src/model/api-error.ts';
import type { Client, Operation, Request } from '../../../src/smartag/operation.ts';
import { describeUserOnlineClients } from '../../../src/smartag/operations/describe-user-online-clients.ts';
import { retrying } from '../../../src/smartag/pacing/retrying.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { failureOf, NEVER, READ } from '../calls.ts';

const WRITE = { ...describeUserOnlineClients, name: 'Write', writes: true };

const LONG = 10 * 60_000;

/** An API that fails with these errors in order and then answers, behind retries on a manual clock. */
function failing(errors: readonly (Partial<ApiErrorFacts> & { readonly kind: ErrorKind })[]) {
  const clock = new ManualClock();
  const calls: number[] = [];
  let refreshes = 0;
  let draw = 0;
  const api: Client = {
    async call<Req extends Request, Reply>(operation: Operation<Req, Reply>): Promise<Reply> {
      const facts = errors[calls.length];
      calls.push(clock.monotonic());
      if (facts) throw new ApiError({ operation: operation.name, detail: 'no', ...facts });
      return operation.reply.parse({ RequestId: 'R-1' });
    },
  };
  const client = retrying(api, {
    clock,
    random: () => draw,
    refreshCredentials: () => {
      refreshes++;
    },
  });
  return {
    clock,
    client,
    /** The moments of the calls, in milliseconds. */
    calls,
    get refreshes() {
      return refreshes;
    },
    drawing(value: number) {
      draw = value;
      return this;
    },
    read: (signal = NEVER) => client.call(describeUserOnlineClients, READ, signal),
    write: () => client.call(WRITE, READ, NEVER),
  };
}

const times = (count: number, kind: ErrorKind) => Array.from({ length: count }, () => ({ kind }));

describe('a read that keeps failing', () => {
  it.each<readonly [kind: ErrorKind, calls: number]>([
    ['throttled', 3],
    ['timeout', 3],
    ['network', 3],
    ['unavailable', 3],
    ['malformed', 2],
    ['unauthenticated', 2],
    ['forbidden', 1],
    ['not-found', 1],
    ['unsupported', 1],
    ['rejected', 1],
  ])('as %s is tried %i times', async (kind, calls) => {
    const api = failing(times(10, kind)).drawing(1);
    const failure = failureOf(api.read());
    await api.clock.advance(LONG);
    expect((await failure).kind).toBe(kind);
    expect(api.calls).toHaveLength(calls);
    expect(api.clock.pending).toBe(0);
  });
});

describe('a write', () => {
  it.each<ErrorKind>([
    'throttled',
    'timeout',
    'network',
    'unavailable',
    'malformed',
    'unauthenticated',
    'rejected',
  ])('that fails as %s is sent once', async (kind) => {
    const api = failing(times(10, kind)).drawing(1);
    const failure = failureOf(api.write());
    await api.clock.advance(LONG);
    await failure;
    expect([api.calls.length, api.refreshes]).toEqual([1, 0]);
  });
});

describe('a read that fails and then succeeds', () => {
  it.each<readonly [errors: readonly ErrorKind[], calls: number]>([
    [['network'], 2],
    [['timeout', 'unavailable'], 3],
    [['throttled', 'network'], 3],
    [['malformed'], 2],
    [['unauthenticated'], 2],
    [['timeout', 'network', 'unauthenticated'], 4],
    [['unauthenticated', 'timeout', 'network'], 4],
  ])('answers after %j', async (kinds, calls) => {
    const api = failing(kinds.map((kind) => ({ kind })));
    const reply = api.read();
    await api.clock.advance(LONG);
    await expect(reply).resolves.toEqual([]);
    expect(api.calls).toHaveLength(calls);
  });

  it('refreshes the credentials when they were refused, and only then, without a pause', async () => {
    const refused = failing([{ kind: 'unauthenticated' }]).drawing(1);
    await refused.read();
    expect([refused.refreshes, refused.calls]).toEqual([1, [0, 0]]);

    const broken = failing([{ kind: 'network' }]);
    const reply = broken.read();
    await broken.clock.advance(LONG);
    await reply;
    expect(broken.refreshes).toBe(0);
  });
});

describe('the pause before a further try', () => {
  const pausesOf = async (kind: ErrorKind, draw: number): Promise<readonly number[]> => {
    const api = failing(times(2, kind)).drawing(draw);
    const reply = api.read();
    await api.clock.advance(LONG);
    await reply;
    const [first = 0, second = 0, third = 0] = api.calls;
    return [second - first, third - second];
  };

  it.each<readonly [kind: ErrorKind, draw: number, pauses: readonly number[]]>([
    ['network', 0, [0, 0]],
    ['network', 0.5, [100, 200]],
    ['network', 1, [200, 400]],
    ['timeout', 1, [200, 400]],
    ['unavailable', 1, [200, 400]],
    ['throttled', 0, [0, 0]],
    ['throttled', 0.25, [250, 500]],
    ['throttled', 1, [1000, 2000]],
  ])('after %s, drawing %f, grows as %j', async (kind, draw, pauses) => {
    expect(await pausesOf(kind, draw)).toEqual(pauses);
  });

  it('is never shorter than the API asks', async () => {
    const api = failing([{ kind: 'throttled', retryAfter: 7000 }]);
    const reply = api.read();
    await api.clock.advance(6999);
    expect(api.calls).toEqual([0]);
    await api.clock.advance(1);
    await reply;
    expect(api.calls).toEqual([0, 7000]);
  });

  it('may be longer than the API asks', async () => {
    const api = failing([{ kind: 'throttled', retryAfter: 10 }]).drawing(1);
    const reply = api.read();
    await api.clock.advance(LONG);
    await reply;
    expect(api.calls).toEqual([0, 1000]);
  });

  it('is not waited for when the API asks for more than half a minute', async () => {
    const api = failing([{ kind: 'throttled', retryAfter: 30_001 }]);
    expect((await failureOf(api.read())).retryAfter).toBe(30_001);
    expect(api.clock.pending).toBe(0);
  });

  it('ends at once when the call is aborted', async () => {
    const api = failing(times(3, 'network')).drawing(1);
    const stop = new AbortController();
    const reply = api.read(stop.signal);
    reply.catch(() => {});
    await api.clock.advance(100);
    expect(api.clock.pending).toBe(1);
    const reason = new Error('stopped by the test');
    stop.abort(reason);
    await expect(reply).rejects.toBe(reason);
    await api.clock.advance(LONG);
    expect([api.calls.length, api.clock.pending]).toEqual([1, 0]);
  });
});

it('an error that is no ApiError is not retried', async () => {
  const clock = new ManualClock();
  let calls = 0;
  const broken: Client = {
    async call(): Promise<never> {
      calls++;
      throw new TypeError('a defect of ours');
    },
  };
  const client = retrying(broken, { clock, random: () => 0, refreshCredentials: () => {} });
  await expect(client.call(describeUserOnlineClients, READ, NEVER)).rejects.toThrow(TypeError);
  expect(calls).toBe(1);
});
