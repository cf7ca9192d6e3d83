import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { type CallOptions, call } from '../client.ts';

let started: StartedSimulator;
beforeEach(async () => {
  started = await startSimulator({
    keys: [
      { accessKeyId: 'testid', accessKeySecret: 'testsecret' },
      { accessKeyId: 'other', accessKeySecret: 'testsecret' },
    ],
  });
});
afterEach(() => started.stop());

const USERS = 'DescribeSmartAccessGatewayClientUsers';
const TOTALS = 'DescribeSagOnlineClientStatistics';
const SMALL = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };
const QUIET = { RegionId: 'ap-southeast-1', SmartAGId: 'sag-quiet' };

async function status(
  operation: string,
  own: Record<string, string>,
  options: CallOptions = {},
): Promise<number> {
  return (await call(started, operation, own, options)).status;
}

it('a denied operation is Forbidden', async () => {
  started.simulator.permissions.deny({ operation: USERS });
  const { status, body } = await call(started, USERS, SMALL);
  expect([status, body['Code'], body['Message']]).toEqual([
    403,
    'Forbidden',
    'User not authorized to operate on the specified resource.',
  ]);
});

it('a denial for one instance does not affect other instances and calls without an instance', async () => {
  started.simulator.permissions.deny({ operation: USERS, instanceId: 'sag-small' });
  started.simulator.permissions.deny({ operation: TOTALS, instanceId: 'sag-small' });
  expect(await status(USERS, SMALL)).toBe(403);
  expect(await status(USERS, QUIET)).toBe(200);
  expect(await status(TOTALS, { RegionId: 'cn-shanghai' })).toBe(200);
  expect(await status(TOTALS, { RegionId: 'cn-shanghai', 'SmartAGIds.1': 'sag-small' })).toBe(403);
});

it('a denial for one key does not affect other keys', async () => {
  started.simulator.permissions.deny({ operation: USERS, accessKeyId: 'other' });
  expect(await status(USERS, SMALL)).toBe(200);
  expect(await status(USERS, SMALL, { common: { AccessKeyId: 'other' } })).toBe(403);
});

it('allow removes the denials that have all of its properties', async () => {
  const { permissions } = started.simulator;
  permissions.deny({ operation: USERS, instanceId: 'sag-small' });
  permissions.deny({ operation: USERS, instanceId: 'sag-quiet' });
  permissions.allow({ operation: USERS, instanceId: 'sag-small' });
  expect([await status(USERS, SMALL), await status(USERS, QUIET)]).toEqual([200, 403]);
  permissions.allow({ operation: USERS });
  expect([await status(USERS, SMALL), await status(USERS, QUIET)]).toEqual([200, 200]);
});
