import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { Limits, type RateLimit } from '../../../src/simulator/rules/limits.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call } from '../client.ts';

/** The results of calls at these times: `.` for a call let through, `x` for a refused call. */
function admitted(limits: Limits, moments: readonly number[]): string {
  return moments
    .map((now) => (limits.refuse('testid', 'DescribeRegions', now) === undefined ? '.' : 'x'))
    .join('');
}

describe('a limit', () => {
  it.each<[RateLimit, readonly number[], string]>([
    [{ kind: 'sliding-second', limit: 2 }, [0, 500, 999, 1000, 1499, 1500], '..x.x.'],
    [{ kind: 'sliding-second', limit: 0 }, [0, 5000], 'xx'],
    [{ kind: 'fixed-window', limit: 2 }, [900, 950, 960, 1000, 1001, 1002, 2000], '..x..x.'],
    [{ kind: 'fixed-window', limit: 1, windowMs: MINUTE }, [0, 59_999, 60_000, 60_001], '.x.x'],
    [{ kind: 'token-bucket', limit: 2 }, [0, 0, 0, 499, 500, 999, 1000], '..xx.x.'],
    [
      { kind: 'token-bucket', limit: 1, burst: 3 },
      [0, 0, 0, 0, 5000, 5000, 5000, 5000],
      '...x...x',
    ],
    [{ kind: 'token-bucket', limit: 0.5 }, [0, 1000, 2000], '.x.'],
  ])('%j at %j: %s', (limit, moments, outcome) => {
    expect(admitted(new Limits([limit]), moments)).toBe(outcome);
  });

  it('does not count refused calls', () => {
    const limits = new Limits([{ kind: 'sliding-second', limit: 1 }]);
    expect(admitted(limits, [0, 200, 400, 600, 800, 1000])).toBe('.xxxx.');
  });

  it('changes while calls are counted', () => {
    const limits = new Limits([{ kind: 'sliding-second', limit: 1 }]);
    expect(admitted(limits, [0, 1])).toBe('.x');
    limits.set({ kind: 'sliding-second', limit: 3 });
    expect(admitted(limits, [2, 3, 4])).toBe('..x');
    limits.remove();
    expect(admitted(limits, [5])).toBe('.');
  });

  it('is looked up from the narrowest to the widest', () => {
    const kind = 'sliding-second';
    const limits = new Limits([
      { kind, limit: 1 },
      { kind, limit: 2, accessKeyId: 'a' },
      { kind, limit: 3, operation: 'X' },
      { kind, limit: 4, operation: 'X', accessKeyId: 'a' },
    ]);
    const throughput = (accessKeyId: string, operation: string): number => {
      let through = 0;
      while (limits.refuse(accessKeyId, operation, 0) === undefined) through++;
      return through;
    };
    expect([
      throughput('b', 'Y'),
      throughput('a', 'Y'),
      throughput('b', 'X'),
      throughput('a', 'X'),
    ]).toEqual([1, 2, 3, 4]);
    limits.clear();
    expect(limits.refuse('b', 'Y', 0)).toBeUndefined();
  });
});

describe('limits by what they count together', () => {
  const kind = 'fixed-window';

  /** The result of each call, in this order: `.` for a call let through, or the `by` of the limit that refused it. */
  function outcome(limits: Limits, calls: readonly (readonly [string, string])[]): string {
    return calls
      .map(([accessKeyId, operation]) => {
        const refusing = limits.refuse(accessKeyId, operation, 0);
        return refusing === undefined ? '.' : `${refusing.by ?? 'both'} `;
      })
      .join('');
  }

  it('count a key’s calls to all operations', () => {
    const limits = new Limits([{ kind, limit: 2, by: 'user' }]);
    const calls = ['aX', 'aY', 'aX', 'bX', 'bY', 'bZ'].map(pairOf);
    expect(outcome(limits, calls)).toBe('..user ..user ');
  });

  it('count all keys’ calls to an operation', () => {
    const limits = new Limits([{ kind, limit: 2, by: 'operation' }]);
    const calls = ['aX', 'bX', 'cX', 'aY', 'aY', 'aY'].map(pairOf);
    expect(outcome(limits, calls)).toBe('..operation ..operation ');
  });

  it('all apply to a call, and a call that one of them refuses is counted by none', () => {
    const limits = new Limits([
      { kind, limit: 3 },
      { kind, limit: 3, by: 'user' },
      { kind, limit: 2, by: 'operation', operation: 'X' },
    ]);
    const calls = ['aX', 'bX', 'aX', 'aX', 'aY', 'aY', 'aY', 'aY'].map(pairOf);
    // Two calls of X were let through. The refused calls do not count against the key.
    expect(outcome(limits, calls)).toBe('..operation operation ..user user ');
    limits.remove({ by: 'operation', operation: 'X' });
    limits.remove({ by: 'user' });
    expect(outcome(limits, ['aX', 'aX', 'aX'].map(pairOf))).toBe('..both ');
  });

  function pairOf(text: string): readonly [string, string] {
    return [text.charAt(0), text.charAt(1)];
  }
});

describe('the simulator', () => {
  let started: StartedSimulator;
  beforeEach(async () => {
    started = await startSimulator({
      limits: [{ kind: 'fixed-window', limit: 1, retryAfterMs: 250 }],
    });
  });
  afterEach(() => started.stop());

  it('answers Throttling.User, per operation and key, after authentication', async () => {
    const { simulator, clock } = started;
    simulator.keys.add({ accessKeyId: 'other', accessKeySecret: 'testsecret' });
    const wrong = await call(started, 'DescribeRegions', {}, { secret: 'wrong' });
    expect(wrong.body['Code']).toBe('SignatureDoesNotMatch');
    expect((await call(started, 'DescribeRegions')).status).toBe(200);
    const { status, headers, body } = await call(started, 'DescribeRegions');
    expect([status, body['Code'], body['Message'], headers['x-acs-retry-after']]).toEqual([
      400,
      'Throttling.User',
      'Request was denied due to user flow control.',
      '250',
    ]);
    expect((await call(started, 'DescribeSmartAccessGateways')).status).toBe(200);
    const asOther = { common: { AccessKeyId: 'other' } };
    expect((await call(started, 'DescribeRegions', {}, asOther)).status).toBe(200);
    await clock.advance(SECOND);
    expect((await call(started, 'DescribeRegions')).status).toBe(200);
  });

  it('throttles a denied call too, as the limit is checked first', async () => {
    const { permissions } = started.simulator;
    permissions.deny({ operation: 'DescribeRegions' });
    const code = async (): Promise<unknown> =>
      (await call(started, 'DescribeRegions')).body['Code'];
    expect([await code(), await code()]).toEqual(['Forbidden', 'Throttling.User']);
  });

  it('answers Throttling.Api when the calls of all keys exceed the limit of an operation', async () => {
    const { keys, limits } = started.simulator;
    limits.clear();
    limits.set({ kind: 'fixed-window', limit: 1, windowMs: MINUTE, by: 'operation' });
    keys.add({ accessKeyId: 'other', accessKeySecret: 'testsecret' });
    expect((await call(started, 'DescribeRegions')).status).toBe(200);
    const asOther = { common: { AccessKeyId: 'other' } };
    const { status, headers, body } = await call(started, 'DescribeRegions', {}, asOther);
    expect([status, body['Code'], body['Message']]).toEqual([
      400,
      'Throttling.Api',
      'Request was denied due to api flow control.',
    ]);
    expect(headers).not.toHaveProperty('x-acs-retry-after');
    await started.clock.advance(MINUTE);
    expect((await call(started, 'DescribeRegions', {}, asOther)).status).toBe(200);
  });

  it.each<[RateLimit, Record<string, string>]>([
    [
      { kind: 'sliding-second', limit: 1 },
      { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:600,Reset:1767225601000' },
    ],
    [
      { kind: 'fixed-window', limit: 1, windowMs: MINUTE },
      { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:59600,Reset:1767225660000' },
    ],
    [
      { kind: 'token-bucket', limit: 0.5, by: 'user' },
      { 'x-ratelimit-user': 'Limit:0.5,Remain:0,TimeLeft:1600,Reset:1767225602000' },
    ],
    [{ kind: 'sliding-second', limit: 1, by: 'operation' }, {}],
  ])(
    'with %j says how long it refuses calls, in the headers that SDKs read',
    async (limit, expected) => {
      const { simulator, clock } = started;
      simulator.limits.clear();
      simulator.limits.set(limit);
      const headers = async (): Promise<Record<string, unknown>> => {
        const { headers } = await call(started, 'DescribeRegions');
        return Object.fromEntries(
          Object.entries(headers).filter(([name]) => name.startsWith('x-ratelimit-')),
        );
      };
      expect(await headers()).toEqual({});
      await clock.advance(400);
      expect(await headers()).toEqual(expected);
      simulator.quirks.set({ rateLimitHeaders: false });
      expect(await headers()).toEqual({});
    },
  );

  it('has no limits by default', async () => {
    const free = await startSimulator();
    for (let count = 0; count < 50; count++) {
      expect((await call(free, 'DescribeRegions')).status).toBe(200);
    }
    await free.stop();
  });
});
