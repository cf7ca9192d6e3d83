import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import type { FaultEffect, Latency } from '../../../src/simulator/index.ts';
import { Faults } from '../../../src/simulator/rules/faults.ts';
import { createRandom } from '../../../src/simulator/world/random.ts';
import { settle } from '../../support/manual-clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type CallOptions, call, commonParameters, send, sign } from '../client.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ recordRequests: true });
});
afterEach(() => started.stop());

const SMALL = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };
const OPERATION = 'DescribeSmartAccessGatewayClientUsers';

/** The URL of a signed call, for calls whose answers are not JSON. */
function signedUrl(own: Record<string, string> = SMALL): string {
  const parameters: Record<string, string> = {
    ...commonParameters(started.clock),
    Action: OPERATION,
    ...own,
  };
  parameters['Signature'] = sign('GET', parameters, 'testsecret');
  return `${started.url}/?${new URLSearchParams(parameters)}`;
}

/** Turns the event loop until the condition holds. If it never does, the test's timeout ends the wait. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

describe('an effect', () => {
  it('error: by default with the status and text of the table', async () => {
    started.simulator.faults.add({ effect: { error: { code: 'ServiceUnavailable' } } });
    const { status, body } = await call(started, OPERATION, SMALL);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      Code: 'ServiceUnavailable',
      Message: 'The request has failed due to a temporary failure of the server.',
    });
  });

  it('error: with a given status and text', async () => {
    const error = { code: 'ResourceConfiguring', httpStatus: 400, message: 'try again later' };
    started.simulator.faults.add({ effect: { error } });
    const { status, body } = await call(started, OPERATION, SMALL);
    expect([status, body['Code'], body['Message']]).toEqual([
      400,
      'ResourceConfiguring',
      'try again later',
    ]);
  });

  it('reset: closes the connection before any byte', async () => {
    started.simulator.faults.add({ effect: { reset: true } });
    await expect(send(signedUrl())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('hang: sends nothing until the client disconnects', async () => {
    const { faults, requests } = started.simulator;
    faults.add({ effect: { hang: true } });
    const leave = new AbortController();
    const waiting = send(signedUrl(), { signal: leave.signal });
    waiting.catch(() => {});
    await until(() => requests.count({ code: 'hang' }) === 1);
    expect(requests.inFlight).toBe(1);
    leave.abort();
    await expect(waiting).rejects.toThrow('aborted');
    await until(() => requests.inFlight === 0);
  });

  it('hang: ends when the simulator closes', async () => {
    const { faults, requests } = started.simulator;
    faults.add({ effect: { hang: true } });
    const waiting = send(signedUrl());
    waiting.catch(() => {});
    await until(() => requests.count({ code: 'hang' }) === 1);
    started.simulator.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(send(signedUrl())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('delayMs: delays the answer, which shows the world at its own time', async () => {
    const { faults, world } = started.simulator;
    faults.add({ effect: { delayMs: 2 * SECOND } });
    faults.add({ effect: { delayMs: 3 * SECOND } });
    let answered = false;
    const waiting = call(started, OPERATION, SMALL).finally(() => {
      answered = true;
    });
    await until(() => started.clock.pending === 1);
    await started.clock.advance(5 * SECOND - 1);
    expect(answered).toBe(false);
    world.addUser('sag-small', { name: 'newcomer' });
    await started.clock.advance(1);
    expect((await waiting).body['TotalCount']).toBe(26);
  });

  it('delayMs: ends when the client disconnects', async () => {
    started.simulator.faults.add({ effect: { delayMs: SECOND } });
    const leave = new AbortController();
    const waiting = send(signedUrl(), { signal: leave.signal });
    waiting.catch(() => {});
    await until(() => started.clock.pending === 1);
    leave.abort();
    await until(() => started.clock.pending === 0);
    await until(() => started.simulator.requests.count({ code: 'abandoned' }) === 1);
  });

  it('delayMs: may precede another effect', async () => {
    started.simulator.faults.add({ effect: { delayMs: SECOND } });
    started.simulator.faults.add({ effect: { html: 504 } });
    const waiting = send(signedUrl());
    await until(() => started.clock.pending === 1);
    await started.clock.advance(SECOND);
    expect((await waiting).status).toBe(504);
  });

  it('truncate: a complete message with half of the JSON', async () => {
    started.simulator.faults.add({ effect: { truncate: true } });
    const { status, headers, text } = await send(signedUrl());
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(text.length));
    expect(text).toMatch(/^\{"TotalCount":25,/);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('cut: the connection ends in the middle of the body', async () => {
    started.simulator.faults.add({ effect: { cut: true } });
    await expect(send(signedUrl())).rejects.toMatchObject({
      code: 'ECONNRESET',
      message: 'aborted',
    });
  });

  it.each<[FaultEffect, number, string, string | RegExp]>([
    [{ html: 502 }, 502, 'text/html', /^<html>.*502 Bad Gateway/s],
    [{ empty: 200 }, 200, 'application/json;charset=utf-8', ''],
    [{ empty: 503 }, 503, 'application/json;charset=utf-8', ''],
    [
      { status500WithoutCode: true },
      500,
      'application/json;charset=utf-8',
      /^\{"RequestId":"[0-9A-F-]{36}"\}$/,
    ],
    [{ body: 'null', httpStatus: 200 }, 200, 'application/json;charset=utf-8', 'null'],
    [{ body: 'moved', httpStatus: 302, contentType: 'text/plain' }, 302, 'text/plain', 'moved'],
  ])('%j', async (effect, status, type, text) => {
    started.simulator.faults.add({ effect });
    const received = await send(signedUrl());
    expect([received.status, received.headers['content-type']]).toEqual([status, type]);
    if (typeof text === 'string') expect(received.text).toBe(text);
    else expect(received.text).toMatch(text);
  });
});

describe('a rule', () => {
  const code = async (
    operation: string,
    own: Record<string, string>,
    options: CallOptions = {},
  ): Promise<unknown> => (await call(started, operation, own, options)).body['Code'] ?? 'OK';
  const effect: FaultEffect = { error: { code: 'InternalError' } };

  it('hits only the calls it matches', async () => {
    const { faults, keys } = started.simulator;
    const online = 'DescribeUserOnlineClients';
    const counts = 'DescribeUserOnlineClientStatistics';
    const user = { ...SMALL, UserName: 'nobody.1' };
    keys.add({ accessKeyId: 'other', accessKeySecret: 'testsecret' });
    const asOther = { common: { AccessKeyId: 'other' } };

    const takeBack = faults.add({ match: { operation: online, userName: 'nobody.1' }, effect });
    expect(await code(online, user)).toBe('InternalError');
    expect(await code(online, { ...user, UserName: 'nobody.2' })).toBe('OK');
    expect(await code(counts, { ...SMALL, 'UserNames.1': 'nobody.1' })).toBe('OK');
    takeBack();
    expect(await code(online, user)).toBe('OK');

    faults.add({ match: { userName: 'nobody.1', instanceId: 'sag-small' }, effect });
    const batch = { ...SMALL, 'UserNames.1': 'nobody.2', 'UserNames.2': 'nobody.1' };
    expect(await code(counts, batch)).toBe('InternalError');
    expect(await code(OPERATION, SMALL)).toBe('OK');
    faults.clear();

    faults.add({ match: { accessKeyId: 'other' }, effect });
    expect(await code(OPERATION, SMALL)).toBe('OK');
    expect(await code(OPERATION, SMALL, asOther)).toBe('InternalError');
  });

  it('with a count is used up', async () => {
    started.simulator.faults.add({ count: 2, effect });
    const codes: unknown[] = [];
    for (let index = 0; index < 3; index++) codes.push(await code(OPERATION, SMALL));
    expect(codes).toEqual(['InternalError', 'InternalError', 'OK']);
  });

  it('with a probability hits the same calls with the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      const other = await startSimulator({
        seed,
        faults: [{ probability: 0.3, effect: { error: { code: 'InternalError' } } }],
      });
      let hits = '';
      for (let index = 0; index < 40; index++) {
        hits += (await call(other, OPERATION, SMALL)).status === 200 ? '.' : 'X';
      }
      await other.stop();
      return hits;
    };
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    expect(first.replaceAll('.', '').length).toBeGreaterThan(4);
    expect(first.replaceAll('.', '').length).toBeLessThan(24);
  });

  it('does not affect calls that are not authenticated', async () => {
    started.simulator.faults.add({ effect });
    expect(await code(OPERATION, SMALL, { secret: 'wrong' })).toBe('SignatureDoesNotMatch');
  });
});

describe('a latency', () => {
  const subject = { operation: OPERATION, accessKeyId: 'testid', instanceIds: [], userNames: [] };

  /** Draws `count` delays and sorts them. */
  function delays(latency: Latency, count = 2000): readonly number[] {
    const faults = new Faults([{ effect: { latency } }], createRandom(1));
    return Array.from({ length: count }, () => faults.judge(subject).delayMs).sort((a, b) => a - b);
  }

  it('is log-normal by its median and 99th percentile', () => {
    const drawn = delays({ medianMs: 100, p99Ms: 1000 });
    expect(drawn[1000]).toBeGreaterThan(90);
    expect(drawn[1000]).toBeLessThan(110);
    expect(drawn[1980]).toBeGreaterThan(750);
    expect(drawn[1980]).toBeLessThan(1350);
    expect(drawn[0]).toBeGreaterThan(0);
  });

  it('is uniform between two bounds', () => {
    const drawn = delays({ fromMs: 100, toMs: 300 });
    expect(drawn[0]).toBeGreaterThanOrEqual(100);
    expect(drawn.at(-1)).toBeLessThan(300);
    expect(drawn[1000]).toBeGreaterThan(190);
    expect(drawn[1000]).toBeLessThan(210);
  });

  it('is added to delays, and does not prevent another effect', () => {
    const faults = new Faults(
      [
        { effect: { delayMs: 50 } },
        { effect: { latency: { fromMs: 100, toMs: 100 } } },
        { name: 'reset', effect: { reset: true } },
      ],
      createRandom(1),
    );
    expect(faults.judge(subject)).toEqual({ delayMs: 150, disruption: { reset: true } });
    expect([faults.remove('reset'), faults.remove('reset')]).toEqual([true, false]);
    expect(faults.judge(subject)).toEqual({ delayMs: 150, disruption: undefined });
  });
});

describe('calls sent at once on a connection that breaks', () => {
  const effects: readonly (readonly [string, FaultEffect])[] = [
    ['that hang', { hang: true }],
    ['that wait', { delayMs: 60 * SECOND }],
    ['that are cut', { cut: true }],
  ];
  it.each(effects)(
    'are neither in flight nor waited for any longer: %s',
    async (_which, effect) => {
      const { simulator, clock, url } = started;
      // The first call keeps the others queued behind it.
      simulator.faults.add({ count: 1, effect: { hang: true } });
      simulator.faults.add({ effect });
      const before = clock.pending;
      const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
      const target = () => signedUrl().slice(url.length);
      for (let each = 0; each < 50; each++) {
        socket.write(`GET ${target()} HTTP/1.1\r\nHost: x\r\n\r\n`);
      }
      await until(() => simulator.requests.inFlight === 50);
      socket.resetAndDestroy();
      await until(() => simulator.requests.inFlight === 0);
      await until(() => clock.pending === before);
    },
  );
});
