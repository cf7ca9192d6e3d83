import RPCClient from '@alicloud/pop-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';

let started: StartedSimulator;
beforeEach(async () => {
  // pop-core takes the timestamps of its requests from the machine's clock.
  started = await startSimulator({
    clock: systemClock,
    keys: [
      { accessKeyId: 'testid', accessKeySecret: 'testsecret' },
      { accessKeyId: 'temporary', accessKeySecret: 'secret', securityToken: 'CAIS+/8=' },
    ],
  });
});
afterEach(() => started.stop());

function client(config: Partial<RPCClient.Config> = {}): RPCClient {
  return new RPCClient({
    endpoint: started.url,
    apiVersion: '2018-03-13',
    accessKeyId: 'testid',
    accessKeySecret: 'testsecret',
    ...config,
  });
}

const PLAIN = { RegionId: 'cn-shanghai', SmartAGId: 'sag-small' };

describe.each(['GET', 'POST'])('pop-core by %s', (method) => {
  it('lists users', async () => {
    const reply = await client().request(
      'DescribeSmartAccessGatewayClientUsers',
      { ...PLAIN, PageSize: 5 },
      { method },
    );
    expect(reply).toMatchObject({ TotalCount: 25, PageSize: 5, PageNumber: 1 });
  });

  it('sends lists and any characters', async () => {
    const names = started.simulator.world.users('sag-small').map(({ name }) => name);
    const reply = await client().request<{ UserStatistics: { Statistics: unknown[] } }>(
      'DescribeUserOnlineClientStatistics',
      { ...PLAIN, UserNames: names.slice(0, 12), Note: "ü*~ +'李" },
      { method },
    );
    expect(reply.UserStatistics.Statistics).toHaveLength(12);
  });

  it('uses a temporary key', async () => {
    const sts = client({
      accessKeyId: 'temporary',
      accessKeySecret: 'secret',
      securityToken: 'CAIS+/8=',
    });
    const reply = await sts.request('DescribeRegions', {}, { method });
    expect(reply).toHaveProperty('Regions.Region');
  });

  it('is refused with a wrong secret', async () => {
    const wrong = client({ accessKeySecret: 'wrong' });
    await expect(wrong.request('DescribeRegions', {}, { method })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });

  it('gets the error of an operation', async () => {
    const missing = { ...PLAIN, SmartAGId: 'sag-none', UserName: 'li.wei001' };
    await expect(
      client().request('DescribeUserOnlineClients', missing, { method }),
    ).rejects.toMatchObject({ code: 'SAG.InstanceNoFound', name: 'SAG.InstanceNoFoundError' });
  });
});
