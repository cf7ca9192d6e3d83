/*
 * How much of a server limit that nobody told the exporter of is used, and how many of its calls are
 * refused, when the limit is cut to a third and restored while fan-out passes run back to back over
 * real HTTP on the real clock. Judged from a minute after each change. Prints ratios;
 * `npm run bench:changing-limit [-- --kind=token-bucket]`, six minutes.
 */
import { parseArgs } from 'node:util';
import { HOUR, MINUTE, SECOND, sleep, systemClock } from '../src/clock.ts';
import { startExporter } from '../test/support/start-exporter.ts';
import { startSimulator } from '../test/support/start-simulator.ts';

const OPERATION = 'DescribeUserOnlineClients';
/** What the configuration allows; the server allows less, at each phase another share of it. */
const BUDGET = 200;
const LIMITS = [60, 20, 60];
const SETTLING = MINUTE;
const JUDGED = MINUTE;
/** Refusals and use asked for. */
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
    // Shorter than a pass can be: there is always work.
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
