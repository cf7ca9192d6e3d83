import { afterEach } from 'vitest';
import { readText } from '../../src/input/read-file.ts';
import {
  DEFAULT_KEY,
  type InstanceSpec,
  type SimulatorOptions,
} from '../../src/simulator/index.ts';
import { type ClientOptions, createClient } from '../../src/smartag/client.ts';
import { Lists } from '../../src/smartag/lists/lists.ts';
import type { CallRecord } from '../../src/smartag/transport/observed.ts';
import { startSimulator } from '../support/start-simulator.ts';

/** A client of a simulated API, with the calls it made; everything ends after the test. */
export async function startClient(
  options: Partial<ClientOptions> = {},
  api: Partial<SimulatorOptions> & { readonly instances?: readonly InstanceSpec[] } = {},
) {
  const started = await startSimulator({ recordRequests: true, ...api });
  const { url, simulator, clock } = started;
  const calls: CallRecord[] = [];
  const client = createClient({
    credentials: { kind: 'static', ...DEFAULT_KEY },
    env: {},
    readFile: readText,
    endpoint: url,
    timeout: 5000,
    concurrency: 4,
    requestsPerSecond: 1e9,
    adaptive: false,
    clock,
    random: () => 0,
    observer: { onCall: (record) => calls.push(record), onWait() {}, onBudget() {} },
    ...options,
  });
  ends.push(async () => {
    client.close();
    await started.stop();
  });
  return { client, simulator, clock, calls, lists: new Lists(client) };
}

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
