/*
 * Measures how much of a server's limit the exporter uses without knowing it, and how many calls are refused,
 * while the limit is cut to a third and restored. Fan-out passes run back to back over real HTTP on the real
 * clock. Each change is measured after a minute. Prints ratios and takes six minutes:
 * `npm run bench:changing-limit [-- --kind=token-bucket]`.
 */
import { parseArgs } from 'node:util';
import { HOUR, MINUTE, SECOND, sleep, systemClock } from '../src/clock.ts';
import { startExporter } from '../test/support/start-exporter.ts';
import { startSimulator } from '../test/support/start-simulator.ts';

const OPERATION = 'DescribeUserOnlineClients';
/** Calls per second that the configuration allows. The server allows fewer, which change with each phase. */
const BUDGET = 200;
const LIMITS = [60, 20, 60];
const SETTLING = MINUTE;
const JUDGED = MINUTE;
const TARGET = { used: 0.9, throttled: 0.02 };
const KINDS = ['sliding-second', 'token-bucket'] as const;

const { values } = parseArgs({ options: { kind: { type: 'string', default: KINDS[0] } } });
const kind = KINDS.find((known) => known === values.kind);
if (kind === undefined) throw new Error(`--kind must be one of ${KINDS.join(', ')}`);

const api = await startSimulator({
  clock: systemClock,
  instances: [{ id: 'sag-bench', regionId: 'cn-shanghai', users: 2000, usersLimit: 2000 }],
});
const { limits, requests } = api.simulator;
const limitTo = (limit: number): void => limits.set({ kind, limit, operation: OPERATION });
limitTo(LIMITS[0] ?? BUDGET);
const exporter = await startExporter({
  endpoint: api.url,
  account: { regions: ['cn-shanghai'] },
  polling: {
    strategy: 'fan-out',
    adaptive: true,
    requestsPerSecond: BUDGET,
    discoveryInterval: HOUR,
    usersInterval: HOUR,
    // Shorter than a pass, so that there is always work.
    onlineInterval: SECOND,
  },
  random: Math.random,
});
for (const limit of LIMITS) {
  limitTo(limit);
  await sleep(systemClock, SETTLING);
  requests.clear();
  await sleep(systemClock, JUDGED);
  const calls = requests.count({ operation: OPERATION });
  const accepted = requests.count({ operation: OPERATION, code: 'OK' });
  const used = accepted / (JUDGED / SECOND) / limit;
  const throttled = (calls - accepted) / calls;
  console.log(
    `limit ${limit}/s of ${BUDGET}/s budget, ${kind}: ${used.toFixed(3)} used (target ${TARGET.used}), ${throttled.toFixed(4)} throttled (target ${TARGET.throttled})`,
  );
}
await exporter.stop();
await api.stop();
