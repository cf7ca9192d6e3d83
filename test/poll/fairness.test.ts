import { afterEach, expect, it, vi } from 'vitest';
import { HOUR, systemClock } from '../../src/clock.ts';
import { type StartedExporter, startExporter } from '../support/start-exporter.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';

const OPERATION = 'DescribeUserOnlineClients';
const RATE = 200;
const INTERVAL = 500;
const SMALL = 4;

let api: StartedSimulator;
let exporter: StartedExporter;

afterEach(async () => {
  await exporter.stop();
  await api.stop();
});

it('a huge instance that is being read does not delay a small one', async () => {
  api = await startSimulator({
    clock: systemClock,
    instances: [
      { id: 'sag-huge', regionId: 'cn-shanghai', users: 5000 },
      { id: 'sag-small', regionId: 'cn-shanghai', users: SMALL },
    ],
    recordRequests: true,
  });
  exporter = await startExporter({
    endpoint: api.url,
    account: { regions: ['cn-shanghai'] },
    polling: {
      strategy: 'fan-out',
      discoveryInterval: HOUR,
      usersInterval: HOUR,
      onlineInterval: INTERVAL,
      requestsPerSecond: RATE,
    },
  });
  const callsFor = (instanceId: string): number =>
    api.simulator.requests.recent.filter(
      (call) => call.operation === OPERATION && call.instanceId === instanceId,
    ).length;
  await vi.waitFor(() => expect(callsFor('sag-huge')).toBeGreaterThan(0), { timeout: 20_000 });
  const before = callsFor('sag-small');
  const hugeBefore = callsFor('sag-huge');
  await vi.waitFor(() => expect(callsFor('sag-huge') - hugeBefore).toBeGreaterThan(4 * RATE), {
    timeout: 20_000,
  });
  // The number of passes that the small instance is due in the time that the budget needs for the calls; each
  // may be late by one interval.
  const elapsed = ((callsFor('sag-huge') - hugeBefore) / RATE) * 1000;
  const passes = (callsFor('sag-small') - before) / SMALL;
  expect(passes).toBeGreaterThanOrEqual(elapsed / (2 * INTERVAL) - 1);
});
