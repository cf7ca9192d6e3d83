/*
 * Measures how much of a fixed budget a fan-out pass uses, with one instance of 5,000 users and 500 calls/s.
 * Calls are counted at the server. Prints ratios: `npm run bench:fan-out`.
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../src/clock.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import { readText } from '../src/input/read-file.ts';
import { silentLog } from '../src/log.ts';
import { AccountPoller } from '../src/poll/account-poller.ts';
import { createSimulator, createWorld, DEFAULT_KEY } from '../src/simulator/index.ts';
import { createClient } from '../src/smartag/client.ts';
import { DEFAULT_POLLING, DISCOVERING } from '../test/support/settings.ts';

const USERS = 5000;
const RATE = 500;
const OPERATION = 'DescribeUserOnlineClients';
const LONG = 3_600_000;

const clock = systemClock;
const instance = { id: 'sag-bench', regionId: 'cn-shanghai', users: USERS, usersLimit: USERS };
const simulator = createSimulator({
  clock,
  world: createWorld({ seed: 1, clock, instances: [instance] }),
  recordRequests: true,
});
const server = createServer(simulator.app).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

const client = createClient({
  credentials: { kind: 'static', ...DEFAULT_KEY },
  env: {},
  readFile: readText,
  endpoint: `http://127.0.0.1:${port}`,
  timeout: 10_000,
  concurrency: 8,
  requestsPerSecond: RATE,
  adaptive: false,
  clock,
  random: Math.random,
  observer: { onCall() {}, onWait() {}, onBudget() {} },
});
const fleet = new Fleet(clock);
const poller = new AccountPoller({
  account: {
    name: 'bench',
    ...DISCOVERING,
    regions: ['cn-shanghai'],
  },
  settings: {
    ...DEFAULT_POLLING,
    discoveryInterval: LONG,
    usersInterval: LONG,
    onlineInterval: LONG,
    sessionsInterval: LONG,
    strategy: 'fan-out',
    pageSize: 50,
    concurrency: 8,
  },
  client,
  fleet,
  clock,
  log: silentLog(),
});
poller.start();
const id = { account: 'bench', regionId: 'cn-shanghai', instanceId: 'sag-bench' };
while (fleet.instance(id)?.stages.online.ended !== 'well') {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await poller.stop();
client.close();
server.close();
server.closeAllConnections();

const times = simulator.requests.recent
  .filter((call) => call.operation === OPERATION)
  .map(({ time }) => time);
const [first = 0] = times;
const last = times.at(-1) ?? first;
const seconds = (last - first) / 1000;
let busiest = 0;
for (let start = 0, end = 0; end < times.length; end++) {
  while ((times[end] ?? 0) - (times[start] ?? 0) >= 1000) start++;
  busiest = Math.max(busiest, end - start + 1);
}
console.log(
  `users ${USERS}, budget ${RATE}/s, calls ${times.length}, pass ${seconds.toFixed(2)} s`,
);
console.log(`share of the budget used: ${((times.length - 1) / seconds / RATE).toFixed(3)}`);
console.log(`busiest second against the budget: ${(busiest / RATE).toFixed(3)}`);
