import { afterEach, beforeEach, expect, it } from 'vitest';
import { SECOND } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { call, send } from '../client.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({ recordRequests: true });
});
afterEach(() => started.stop());

const SMALL = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };

it('counts calls by operation and outcome', async () => {
  await call(started, 'DescribeRegions');
  await call(started, 'DescribeRegions');
  await call(started, 'DescribeRegions', {}, { secret: 'wrong' });
  await call(started, 'DescribeUserOnlineClients', SMALL);
  await call(started, 'Nonsense');
  await send(`${started.url}/favicon.ico`);
  const { requests } = started.simulator;
  expect(requests.byOperation()).toEqual({
    DescribeRegions: 3,
    DescribeUserOnlineClients: 1,
    unknown: 2,
  });
  expect(requests.byCode()).toEqual({
    OK: 2,
    SignatureDoesNotMatch: 1,
    'ClientUser.NameEmpty': 1,
    'InvalidAction.NotFound': 1,
    'InvalidApi.NotFound': 1,
  });
  expect(requests.count()).toBe(6);
  expect(requests.count({ operation: 'DescribeRegions', code: 'OK' })).toBe(2);
  expect([requests.inFlight, requests.maxInFlight]).toEqual([expect.any(Number), 1]);
  requests.clear();
  expect([requests.count(), requests.recent]).toEqual([0, []]);
});

it('records calls with instance and users, without secrets', async () => {
  await started.clock.advance(3 * SECOND);
  const own = {
    ...SMALL,
    UserName: 'doctest',
    UserMail: 'username@example.com',
    Password: 'duuf1234',
  };
  await call(started, 'CreateSmartAccessGatewayClientUser', own, { way: 'POST form' });
  const { recent } = started.simulator.requests;
  expect(recent).toEqual([
    {
      time: 3 * SECOND,
      operation: 'CreateSmartAccessGatewayClientUser',
      instanceId: 'sag-small',
      userNames: ['doctest'],
      code: 'OK',
      httpStatus: 200,
    },
  ]);
});

it('records nothing by default', async () => {
  const lean = await startSimulator();
  await call(lean, 'DescribeRegions');
  await lean.stop();
  expect(lean.simulator.requests.recent).toEqual([]);
  expect(lean.simulator.requests.count()).toBe(1);
});
