/*
 * Checks the snapshot for minutes on the real clock and over real HTTP: a world that lives and is changed, one
 * call in ten failing, a server limit that changes, an instance that dies. Each second a scrape is compared
 * with the history of the world; at the end, without faults, with its state. Prints the calls and whether
 * memory grew. The exit code is 1 if a scrape was wrong.
 *
 * `npm run bench:soak -- --minutes=10`; memory is measured after a collection.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { type Clock, MINUTE, SECOND, systemClock } from '../src/clock.ts';
import {
  createSimulator,
  createWorld,
  type InstanceSpec,
  type Simulator,
} from '../src/simulator/index.ts';
import { Churn } from '../test/support/long-run/churn.ts';
import { addMixedFaults } from '../test/support/long-run/mixed-faults.ts';
import { realTimeModel } from '../test/support/long-run/model-options.ts';
import { ReferenceModel } from '../test/support/long-run/reference-model.ts';
import { readScrape } from '../test/support/long-run/scraped-fleet.ts';
import { structuralFaults } from '../test/support/long-run/structure.ts';
import { Succession } from '../test/support/long-run/succession.ts';
import { WorldHistory } from '../test/support/long-run/world-history.ts';
import { startExporter } from '../test/support/start-exporter.ts';
import { type Samples, samplesOfScrape, samplesOfWorld } from '../test/support/world-samples.ts';

const SEED = 7;
const POLLING = {
  strategy: 'auto',
  discoveryInterval: 10 * SECOND,
  usersInterval: 5 * SECOND,
  onlineInterval: 2 * SECOND,
  sessionsInterval: 10 * SECOND,
  staleAfter: 20 * SECOND,
  timeout: SECOND,
  pageSize: 50,
  concurrency: 8,
  requestsPerSecond: 50,
  adaptive: true,
} as const;
/** Long enough for every stage to run, some of them often. */
const FIRST_CYCLE = 30 * SECOND;
/** How often the world moves on, and how often it is changed from outside. */
const NOTE_INTERVAL = 0.2 * SECOND;
const CHANGE_INTERVAL = SECOND;
const SCRAPE_INTERVAL = SECOND;
const LIMIT_INTERVAL = 20 * SECOND;
/** The length of the history, which is as long as the model needs. */
const REMEMBERED = 5 * MINUTE;
/** Allowed growth of the heap in bytes between the first cycle and the end, during which the histories fill. */
const MOST_GROWTH = 40e6;

const LIVELY = { meanSessionMs: MINUTE, multiDeviceRatio: 0.2, onlineRatio: 0.25 } as const;
const INSTANCES: readonly InstanceSpec[] = [
  { id: 'sag-large', regionId: 'cn-shanghai', users: 150, usersLimit: 400, ...LIVELY },
  { id: 'sag-dying', regionId: 'cn-shanghai', users: 60, usersLimit: 200, ...LIVELY },
  { id: 'sag-small', regionId: 'ap-southeast-1', users: 40, usersLimit: 200, ...LIVELY },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 8, usersLimit: 100, onlineRatio: 0.02 },
];

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const duration = Number(values.minutes) * MINUTE;
if (!(duration >= MINUTE)) throw new Error('--minutes: a number from 1 up');

const clock = systemClock;
/** The world's time. It stands still between two records of its history, so that no state is missed. */
let worldSecond = Math.floor(clock.now() / SECOND);
const worldClock: Clock = {
  now: () => worldSecond * SECOND,
  monotonic: () => clock.monotonic(),
  after: (ms, callback) => clock.after(ms, callback),
};
const world = createWorld({
  seed: SEED,
  clock: worldClock,
  instances: INSTANCES,
  activity: 'living',
});
const simulator = createSimulator({
  clock,
  world,
  seed: SEED,
  // The simulator remembers nonces for this time. For the whole run, that would look like a leak.
  timestampWindowMs: 10 * SECOND,
});
const server = createServer(simulator.app);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const exporter = await startExporter({
  endpoint: `http://127.0.0.1:${address.port}`,
  polling: POLLING,
  random: Math.random,
});

const history = new WorldHistory(world, clock);
const churn = new Churn(world, SEED);
const succession = new Succession();
const model = new ReferenceModel({ history, ...realTimeModel(POLLING) });

let scrapes = 0;
let violations = 0;
let wasPaused = false;

async function scrape(): Promise<void> {
  const text = await exporter.scrape();
  const fleet = readScrape(text, clock.now() / SECOND);
  const isPaused = exporter.fleet.account('test').paused !== undefined;
  // A pause may begin or end during the scrape.
  const faults = [
    ...structuralFaults(fleet),
    ...(isPaused === wasPaused ? succession.faults(fleet, isPaused) : []),
    ...model.faults(fleet),
  ];
  wasPaused = isPaused;
  scrapes++;
  violations += faults.length;
  for (const fault of faults) console.log(`${new Date().toISOString()} VIOLATION ${fault}`);
}

/** Repeats a task at an interval. The returned function stops that and resolves when the task has ended. */
function again(interval: number, task: () => Promise<void> | void): () => Promise<void> {
  const ending = new AbortController();
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const begun = clock.monotonic();
      await task();
      const rest = interval - (clock.monotonic() - begun);
      await new Promise<void>((resolve) => clock.after(Math.max(0, rest), resolve));
    }
  };
  const running = run();
  return async () => {
    ending.abort();
    await running;
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));

/** Heap and resident set, after a garbage collection if --expose-gc allows one. */
function memory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  return process.memoryUsage();
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function printMemory(when: string, { rss, heapUsed }: NodeJS.MemoryUsage): void {
  console.log(`${when}: RSS ${megabytes(rss)}, heap ${megabytes(heapUsed)}`);
}

/** Changes the server's limit for the next round. */
function changeLimit({ limits }: Simulator, round: number): void {
  if (round % 3 === 0) limits.set({ kind: 'sliding-second', limit: 4 });
  else if (round % 3 === 1) limits.set({ kind: 'token-bucket', limit: 15, retryAfterMs: 300 });
  else limits.clear();
}

/** Samples that differ, or that only one side has. */
function differing(scraped: Samples, wanted: Samples): readonly string[] {
  const keys = new Set([...Object.keys(scraped), ...Object.keys(wanted)]);
  return [...keys]
    .filter((key) => scraped[key] !== wanted[key])
    .map((key) => `${key}: scraped ${scraped[key]}, the world ${wanted[key]}`);
}

addMixedFaults(simulator.faults);
let limitRound = 0;
const stopWorld = again(NOTE_INTERVAL, () => {
  for (const now = Math.floor(clock.now() / SECOND); worldSecond < now; ) {
    worldSecond++;
    history.note();
  }
  history.prune(REMEMBERED / SECOND);
});
const stopChurn = again(CHANGE_INTERVAL, () => {
  churn.change();
  history.note();
});
const stopScrapes = again(SCRAPE_INTERVAL, scrape);
const stopLimits = again(LIMIT_INTERVAL, () => changeLimit(simulator, limitRound++));

await wait(FIRST_CYCLE);
const first = memory();
printMemory('after the first cycle', first);
await wait(duration / 2 - FIRST_CYCLE - 10 * SECOND);
const dies = simulator.faults.add({
  match: { instanceId: 'sag-dying' },
  effect: { hang: true },
});
await wait(10 * SECOND);
world.removeInstance('sag-dying');
history.note();
await wait(duration / 2);
dies();

const { requests } = simulator;
const calls = requests.count();
const failed = calls - requests.count({ code: 'OK' });
await stopChurn();
await stopLimits();
await stopWorld();
simulator.faults.clear();
simulator.limits.clear();
await wait(2 * POLLING.discoveryInterval + POLLING.timeout);
await stopScrapes();
const differences = differing(samplesOfScrape(await exporter.scrape()), samplesOfWorld(world));
await exporter.stop();
simulator.close();
server.close();

const last = memory();
printMemory('at the end', last);
const growth = last.heapUsed - first.heapUsed;
const isFlat = globalThis.gc === undefined || growth < MOST_GROWTH;
console.log(`heap grew by ${megabytes(growth)}${globalThis.gc ? '' : ' (not collected)'}`);
console.log(`scrapes ${scrapes}, figures of users compared ${model.compared}`);
console.log(`stale stages ${model.staleStages}, lists not checked ${model.uncheckedLists}`);
console.log(`calls ${calls}, share failed ${(failed / calls).toFixed(3)}`);
console.log(`outcomes ${JSON.stringify(requests.byCode())}`);
console.log(`violations ${violations}`);
console.log(`everything equals the world at the end: ${differences.length === 0 ? 'yes' : 'no'}`);
for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
process.exitCode = violations === 0 && differences.length === 0 && isFlat ? 0 : 1;
