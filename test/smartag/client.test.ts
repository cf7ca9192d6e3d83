import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../../src/model/api-error.ts';
import { DEFAULT_KEY, type FaultEffect } from '../../src/simulator/index.ts';
import { createSmartAccessGatewayClientUser } from '../../src/smartag/operations/create-smart-access-gateway-client-user.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { failureOf, NEVER, read, until } from './calls.ts';
import { startClient } from './start-client.ts';

const LONG = 10 * 60_000;

/** Advances the clock by 0 ms again and again until the call ends, so that pauses of 0 ms end. */
async function ended<Result>(call: Promise<Result>, clock: ManualClock): Promise<Result> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  call.then(over, over);
  while (!isOver) await clock.advance(0);
  return call;
}

describe('a read', () => {
  it.each<readonly [what: string, effect: FaultEffect, kind: ErrorKind, tries: number]>([
    ['throttling', { error: { code: 'Throttling.Api' } }, 'throttled', 3],
    ['an internal error', { error: { code: 'InternalError' } }, 'unavailable', 3],
    ['a 500 without a code', { status500WithoutCode: true }, 'unavailable', 3],
    ['an HTML 502', { html: 502 }, 'unavailable', 3],
    ['an empty 503', { empty: 503 }, 'unavailable', 3],
    ['a reset', { reset: true }, 'network', 3],
    ['a reset in the body', { cut: true }, 'network', 3],
    ['JSON cut short', { truncate: true }, 'malformed', 2],
    ['a code that is not known', { error: { code: 'Odd', httpStatus: 400 } }, 'rejected', 1],
    ['a hidden operation', { error: { code: 'InvalidApi.NotFound' } }, 'unsupported', 1],
  ])('after %s', async (_, effect, kind, tries) => {
    const { client, simulator, clock, calls } = await startClient();
    simulator.faults.add({ effect });
    expect((await ended(failureOf(read(client)), clock)).kind).toBe(kind);
    expect(simulator.requests.count()).toBe(tries);
    expect(calls.map(({ error }) => error?.kind)).toEqual(Array(tries).fill(kind));

    simulator.faults.clear();
    simulator.faults.add({ effect, count: 1 });
    const again = read(client);
    if (tries === 1) expect((await failureOf(again)).kind).toBe(kind);
    else await expect(ended(again, clock)).resolves.toEqual([]);
  });

  it('that hangs is tried three times', async () => {
    const { client, simulator, clock } = await startClient({ timeout: 1000 });
    simulator.faults.add({ effect: { hang: true } });
    const failure = failureOf(read(client));
    for (let tries = 1; tries <= 3; tries++) {
      await until(() => simulator.requests.count() === tries);
      await clock.advance(1000);
    }
    expect((await failure).kind).toBe('timeout');
    expect(simulator.requests.count()).toBe(3);
    await until(() => simulator.requests.inFlight === 0);
  });

  it('that is denied is tried once', async () => {
    const { client, simulator } = await startClient();
    simulator.permissions.deny({ operation: 'DescribeUserOnlineClients' });
    expect(await failureOf(read(client))).toMatchObject({ kind: 'forbidden', code: 'Forbidden' });
    expect(simulator.requests.count()).toBe(1);
  });

  it('with refused credentials is tried once more', async () => {
    const { client, simulator } = await startClient();
    simulator.keys.revoke(DEFAULT_KEY.accessKeyId);
    expect((await failureOf(read(client))).kind).toBe('unauthenticated');
    expect(simulator.requests.count()).toBe(2);
  });

  it('waits as long as the API asks', async () => {
    const { client, simulator, clock, calls } = await startClient(
      {},
      { limits: [{ kind: 'fixed-window', limit: 1, windowMs: 60_000, retryAfterMs: 7000 }] },
    );
    await read(client);
    const failure = failureOf(read(client));
    for (let tries = 2; tries <= 4; tries++) {
      await until(() => calls.length === tries);
      await clock.advance(7000);
    }
    expect(await failure).toMatchObject({ kind: 'throttled', retryAfter: 7000 });
    const [, ...times] = simulator.requests.recent.map(({ time }) => time);
    expect(times).toEqual([0, 7000, 14_000]);
  });
});

describe('CreateSmartAccessGatewayClientUser', () => {
  const PASSWORD = 'marked-Password_1';
  const CALL = {
    regionId: 'cn-shanghai',
    instanceId: 'sag-small',
    userMail: 'doc@example.com',
    bandwidthKbit: 2000,
    login: { userName: 'doctest', password: PASSWORD },
  };
  const OPERATION = createSmartAccessGatewayClientUser;

  it('creates a user', async () => {
    const { client, simulator } = await startClient();
    const created = await client.call(OPERATION, CALL, NEVER);
    expect(created).toMatchObject({
      userName: 'doctest',
      userMail: 'doc@example.com',
      bandwidth: 250_000,
    });
    expect(simulator.world.user('sag-small', 'doctest')).toMatchObject({
      mail: 'doc@example.com',
      bandwidth: 2000,
    });
    expect(JSON.stringify(created)).not.toContain(PASSWORD);
  });

  it('creates a user with a fixed address, and one whose name the API chooses', async () => {
    const { client, simulator } = await startClient();
    const { cidrBlock } = simulator.world.instance('sag-small')?.details ?? {};
    const clientIp = cidrBlock?.replace(/\d+\/\d+.*$/, '200') ?? '';
    await client.call(OPERATION, { ...CALL, clientIp }, NEVER);
    expect(simulator.world.user('sag-small', 'doctest').staticIp).toBe(clientIp);

    const { login, ...nameless } = CALL;
    const { userName = '' } = await client.call(OPERATION, nameless, NEVER);
    expect(userName).not.toBe(login.userName);
    expect(simulator.world.user('sag-small', userName).mail).toBe('doc@example.com');
  });

  it.each<readonly [code: string, change: Partial<typeof CALL> & { clientIp?: string }]>([
    ['ClientUser.BandwidthInvalid', { bandwidthKbit: 20_001 }],
    ['ClientUser.EmailEmpty', { userMail: '' }],
    ['ClientUser.EmailInvalid', { userMail: 'nobody' }],
    ['ClientUser.IpInvalid', { clientIp: 'nowhere' }],
    ['ClientUser.NameInvalid', { login: { userName: '-x', password: PASSWORD } }],
    ['ClientUser.PasswordInvalid', { login: { userName: 'doctest', password: '-marked-' } }],
  ])('is rejected by the API: %s', async (code, change) => {
    const { client, simulator } = await startClient();
    const failure = await failureOf(client.call(OPERATION, { ...CALL, ...change }, NEVER));
    expect(failure).toMatchObject({ kind: 'rejected', code, httpStatus: 400 });
    expect(inspect(failure, { depth: null, showHidden: true })).not.toMatch(/-marked-|Password_1/);
    expect(simulator.requests.count()).toBe(1);
  });

  it('is rejected for a name that exists already, and for more users than allowed', async () => {
    const { client, simulator } = await startClient();
    await client.call(OPERATION, CALL, NEVER);
    expect(await failureOf(client.call(OPERATION, CALL, NEVER))).toMatchObject({
      kind: 'rejected',
      code: 'ClientUser.UserExist',
    });
    simulator.world.changeInstance('sag-small', { usersLimit: 26 });
    const login = { userName: 'another', password: PASSWORD };
    expect(await failureOf(client.call(OPERATION, { ...CALL, login }, NEVER))).toMatchObject({
      kind: 'rejected',
      code: 'ClientUser.UserOverLimit',
    });
  });

  it('is rejected while the instance has no network', async () => {
    const { client } = await startClient(
      {},
      { instances: [{ id: 'sag-small', regionId: 'cn-shanghai', cidrBlock: '' }] },
    );
    expect(await failureOf(client.call(OPERATION, CALL, NEVER))).toMatchObject({
      kind: 'rejected',
      code: 'SAG.CidrEmpty',
    });
  });

  // The other errors on the page of the operation.
  it.each(['ClientUser.InvalidClientIp', 'ClientUser.IpEmpty', 'ClientUser.NameEmpty'])(
    'is rejected by the API: %s',
    async (code) => {
      const { client, simulator } = await startClient();
      simulator.faults.add({ effect: { error: { code } } });
      expect(await failureOf(client.call(OPERATION, CALL, NEVER))).toMatchObject({
        kind: 'rejected',
        code,
      });
    },
  );

  it('in an unknown instance is not found', async () => {
    const { client } = await startClient();
    const failure = await failureOf(
      client.call(OPERATION, { ...CALL, instanceId: 'sag-none' }, NEVER),
    );
    expect(failure.kind).toBe('not-found');
  });

  it.each<readonly [what: string, effect: FaultEffect]>([
    ['a 500', { status500WithoutCode: true }],
    ['an internal error', { error: { code: 'InternalError' } }],
    ['an HTML 502', { html: 502 }],
    ['a reset', { reset: true }],
    ['a reset in the body', { cut: true }],
    ['JSON cut short', { truncate: true }],
    ['throttling', { error: { code: 'Throttling.User' } }],
    ['refused credentials', { error: { code: 'InvalidSecurityToken.Expired' } }],
  ])('is not sent again after %s, and the error shows no password', async (_, effect) => {
    const { client, simulator, clock } = await startClient();
    simulator.faults.add({ effect });
    const failure = failureOf(client.call(OPERATION, CALL, NEVER));
    const error = await failure;
    await clock.advance(LONG);
    expect(simulator.requests.count()).toBe(1);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(PASSWORD);
    expect(clock.pending).toBe(0);
  });

  it('is not sent again after a timeout', async () => {
    const { client, simulator, clock } = await startClient({ timeout: 1000 });
    simulator.faults.add({ effect: { hang: true } });
    const failure = failureOf(client.call(OPERATION, CALL, NEVER));
    await until(() => simulator.requests.count() === 1);
    await clock.advance(1000);
    const error = await failure;
    expect(error.kind).toBe('timeout');
    await clock.advance(LONG);
    expect(simulator.requests.count()).toBe(1);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(PASSWORD);
  });
});

describe('an account', () => {
  it('has no more calls in flight than its concurrency', async () => {
    const { client, simulator, clock } = await startClient({ concurrency: 3 });
    simulator.faults.add({ effect: { delayMs: 100 } });
    const calls = Array.from({ length: 30 }, () => read(client));
    for (let answered = 0; answered < 30; answered += 3) {
      await until(() => simulator.requests.inFlight === 3 && clock.pending >= 6);
      await clock.advance(100);
    }
    await Promise.all(calls);
    expect(simulator.requests.maxInFlight).toBe(3);
  });

  it('keeps to its rate, retries included', async () => {
    const { client, simulator, clock, calls } = await startClient({ requestsPerSecond: 2 });
    simulator.faults.add({ effect: { error: { code: 'InternalError' } } });
    const failures = Array.from({ length: 4 }, () => failureOf(read(client)));
    for (let tries = 1; tries <= 12; tries++) {
      await until(() => calls.length === tries);
      await clock.advance(500);
    }
    await Promise.all(failures);
    const times = simulator.requests.recent.map(({ time }) => time);
    expect(times).toHaveLength(12);
    for (const [index, time] of times.slice(1).entries()) {
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(500);
    }
  });

  it('leaves no timer behind when it is closed', async () => {
    const { client, clock } = await startClient({ requestsPerSecond: 0.5 });
    const calls = [read(client), read(client), read(client)];
    await calls[0];
    expect(clock.pending).toBe(1);
    client.close();
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(clock.pending).toBe(0);
  });
});

describe('what a client has learned', () => {
  const learned = {
    endpoint: 'https://example.com',
    rates: [{ operation: 'DescribeUserOnlineClients', rate: 20, ceiling: 40 }],
    partsLeftOut: ['DescribeUserOnlineClients the list Users'],
  };
  const budget = { adaptive: true, requestsPerSecond: 100 };

  it('is used by the client of the next process, and handed on', async () => {
    const { endpoint } = learned;
    const { client } = await startClient({ ...budget, learned, endpoint });
    expect(client.learned).toEqual(learned);
  });

  it('is not used for another server', async () => {
    const { client } = await startClient({ ...budget, learned });
    expect(client.learned).toMatchObject({ rates: [], partsLeftOut: [] });
  });
});
