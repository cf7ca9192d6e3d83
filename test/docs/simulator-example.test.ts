import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import RPCClient from '@alicloud/pop-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createSimulator,
  createWorld,
  DEFAULT_KEY,
  type Simulator,
  systemClock,
} from '../../src/simulator/index.ts';

let simulator: Simulator;
let server: Server;
let client: RPCClient;

beforeAll(async () => {
  const world = createWorld({
    seed: 1,
    clock: systemClock,
    instances: [
      {
        id: 'sag-office',
        regionId: 'cn-shanghai',
        users: [{ name: 'li.wei017' }, { name: 'wang.fang' }],
        usersLimit: 5,
      },
    ],
  });
  simulator = createSimulator({ clock: systemClock, world });
  server = createServer(simulator.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new RPCClient({
    ...DEFAULT_KEY,
    endpoint: `http://127.0.0.1:${port}`,
    apiVersion: '2018-03-13',
  });
});

afterAll(() => {
  simulator.close();
  server.close();
});

const WHO = { RegionId: 'cn-shanghai', SmartAGId: 'sag-office', UserName: 'li.wei017' };

test('a client that has connected is online', async () => {
  const { clientIp } = simulator.world.connect('sag-office', 'li.wei017');
  const reply = await client.request('DescribeUserOnlineClients', WHO);
  expect(JSON.stringify(reply)).toContain(clientIp);
});

test('an error of the API reaches the caller', async () => {
  simulator.faults.add({ effect: { error: { code: 'ServiceUnavailable' } }, count: 1 });
  await expect(client.request('DescribeUserOnlineClients', WHO)).rejects.toMatchObject({
    code: 'ServiceUnavailable',
  });
  expect(simulator.requests.count({ code: 'ServiceUnavailable' })).toBe(1);
});
