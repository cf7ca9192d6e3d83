/*
 * Measures the cost of polling a simulator in another process over real HTTP: the calls until the snapshot is
 * complete and the calls for a quiet fleet, the duration of passes at a fixed budget, and the share of the budget
 * that is used while work waits. With --freshness also the time from a login until /metrics shows it.
 *
 *   npx tsx bench/poll.ts [users...] [--budget=CALLS_PER_SECOND] [--freshness]
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lookAt } from '../src/cli/plan/look.ts';
import { type Clock, HOUR, SECOND, sleep, systemClock } from '../src/clock.ts';
import type { AccountConfig, Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load.ts';
import { createExporter } from '../src/exporter/exporter.ts';
import type { Fleet } from '../src/fleet/fleet.ts';
import { readText } from '../src/input/read-file.ts';
import { silentLog } from '../src/log.ts';
import { forecast } from '../src/poll/forecast/forecast.ts';
import { createSimulator, createWorld, DEFAULT_KEY } from '../src/simulator/index.ts';
import { createClient } from '../src/smartag/client.ts';
import { listen } from '../src/web/server/listen.ts';
import { DISCOVERING } from '../test/support/settings.ts';

const SIZES = [1000, 10_000];
const STRATEGIES = ['batched', 'fan-out'] as const;
const REGION = 'cn-shanghai';
/** The number of instances of a fleet, all of the same size. */
const INSTANCES = 10;
const ONLINE_RATIO = 0.1;
const SESSIONS = 'DescribeUserOnlineClients';
const USERS = 'DescribeSmartAccessGatewayClientUsers';
/** So long that no second pass starts by itself. */
const INTERVAL = 100 * HOUR;

/** Targets. The numbers of calls are for 10,000 users. */
const TARGET = {
  users: 10_000,
  calls: { batched: { first: 1450, quiet: 450 }, 'fan-out': { first: 10_200, quiet: 10_200 } },
  share: 0.95,
  busiest: 1.1,
  freshness: 60,
} as const;

/** The configuration for the freshness target, and the number of logins in one online interval. */
const FRESHNESS = { users: 10_000, requestsPerSecond: 10, onlineInterval: 30 * SECOND, logins: 12 };

/** The use of the budget is measured only if there is work for at least this many seconds. */
const SHORTEST_WORK = 2;

type Strategy = (typeof STRATEGIES)[number];

/** A request to the simulator's process. */
type Question = { readonly ask: 'calls' } | { readonly ask: 'clear' } | { readonly ask: 'login' };

/** The arrival times of calls (ms) by operation, since the last `clear`. */
type Arrivals = Readonly<Record<string, readonly number[]>>;

interface Login {
  readonly instanceId: string;
  readonly userName: string;
}

/** A fleet of users in the simulator, in a process of its own. */
class Api {
  readonly #process: ChildProcess;
  readonly url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(users: number): Promise<Api> {
    const child = fork(fileURLToPath(import.meta.url), ['--simulator', String(users)]);
    const [url] = (await once(child, 'message')) as [string];
    return new Api(child, url);
  }

  async #ask(question: Question): Promise<unknown> {
    const answered = once(this.#process, 'message');
    this.#process.send(question);
    const [answer] = await answered;
    return answer;
  }

  async arrivals(): Promise<Arrivals> {
    return (await this.#ask({ ask: 'calls' })) as Arrivals;
  }

  async clear(): Promise<void> {
    await this.#ask({ ask: 'clear' });
  }

  /** Logs a user in who was offline. */
  async login(): Promise<Login> {
    return (await this.#ask({ ask: 'login' })) as Login;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

/** Runs in the simulator's process: serves until the parent disconnects. */
async function simulate(users: number): Promise<void> {
  const clock = systemClock;
  const instances = Array.from({ length: INSTANCES }, (_, index) => ({
    id: `sag-${index}`,
    regionId: REGION,
    users: users / INSTANCES,
    usersLimit: users,
    disabledRatio: 0,
    onlineRatio: ONLINE_RATIO,
    multiDeviceRatio: 0,
  }));
  const world = createWorld({ seed: 1, clock, instances });
  const simulator = createSimulator({ clock, world, recordRequests: true });
  const server = createServer(simulator.app).listen(0, '127.0.0.1');
  await once(server, 'listening');

  let logins = 0;
  const login = (): Login => {
    const instanceId = `sag-${logins++ % INSTANCES}`;
    const offline = world.users(instanceId).filter(({ sessions }) => sessions.length === 0);
    // Users at increasing positions of the list, so that they are not always asked about first.
    const user = offline[Math.floor((offline.length * logins) / (FRESHNESS.logins + 1))];
    if (!user) throw new Error(`everybody of ${instanceId} is online`);
    world.connect(instanceId, user.name);
    return { instanceId, userName: user.name };
  };
  const answers: Record<Question['ask'], () => unknown> = {
    calls: () => {
      const arrivals: Record<string, number[]> = {};
      for (const { operation, time } of simulator.requests.recent) {
        arrivals[operation] ??= [];
        arrivals[operation].push(time);
      }
      return arrivals;
    },
    clear: () => {
      simulator.requests.clear();
      return true;
    },
    login,
  };
  process.on('message', ({ ask }: Question) => process.send?.(answers[ask]()));
  process.once('disconnect', () => process.exit());
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** The system clock, on which an idle interval can be skipped. */
class SkippingClock implements Clock {
  #skipped = 0;
  readonly #timers = new Set<{ rearm: () => void }>();

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skipped;
  }

  after(ms: number, callback: () => void): () => void {
    const due = this.monotonic() + ms;
    let cancel = (): void => {};
    const timer = {
      rearm: () => {
        cancel();
        cancel = systemClock.after(due - this.monotonic(), () => {
          this.#timers.delete(timer);
          callback();
        });
      },
    };
    this.#timers.add(timer);
    timer.rearm();
    return () => {
      this.#timers.delete(timer);
      cancel();
    };
  }

  skip(ms: number): void {
    this.#skipped += ms;
    for (const { rearm } of [...this.#timers]) rearm();
  }
}

const accountOf = (endpoint: string): AccountConfig => ({
  name: 'bench',
  credentials: { kind: 'static', ...DEFAULT_KEY },
  endpoint,
  ...DISCOVERING,
  regions: [REGION],
});

async function exporterOf(endpoint: string, clock: Clock, wishes: Partial<Config['polling']>) {
  const defaults = await loadConfig({ env: {} });
  const polling = { ...defaults.polling, adaptive: false, ...wishes };
  return createExporter({
    config: { ...defaults, accounts: [accountOf(endpoint)], polling },
    env: {},
    clock,
    random: Math.random,
    log: silentLog(),
    build: { version: '0.0.0', revision: '', nodeVersion: process.version, documents: '' },
    telemetryPath: '/metrics',
  });
}

/** Resolves when every instance has had this many successful sessions passes, the last stage of a round. */
async function untilSessionsRead(fleet: Fleet, since: number): Promise<void> {
  for (;;) {
    const instances = [...fleet.instances];
    const isDone = instances.every(({ stages }) =>
      [stages.users, stages.online, stages.sessions].every(
        ({ lastSuccess = 0 }) => lastSuccess * SECOND > since,
      ),
    );
    if (isDone && instances.length === INSTANCES) return;
    await sleep(systemClock, 20);
  }
}

interface Passes {
  readonly arrivals: Arrivals;
  readonly calls: number;
  /** Seconds from the first to the last call. */
  readonly seconds: number;
}

function passesOf(arrivals: Arrivals): Passes {
  const times = Object.values(arrivals).flat();
  const [first, last] = extremes(times);
  return { arrivals, calls: times.length, seconds: (last - first) / SECOND };
}

function extremes(times: readonly number[]): readonly [number, number] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return [first, last];
}

/** The share of the budget used from the first to the last call of an operation, and in its busiest second. */
function use(arrivals: readonly number[], budget: number) {
  const times = [...arrivals].sort((a, b) => a - b);
  const [first, last] = extremes(times);
  if (times.length < SHORTEST_WORK * budget) return undefined;
  let busiest = 0;
  for (let start = 0, end = 0; end < times.length; end++) {
    while ((times[end] ?? 0) - (times[start] ?? 0) >= SECOND) start++;
    busiest = Math.max(busiest, end - start + 1);
  }
  return {
    share: (times.length - 1) / ((last - first) / SECOND) / budget,
    busiest: busiest / budget,
  };
}

/** Measures the first complete snapshot, and one pass of each stage of the quiet fleet, within the budget. */
async function measure(users: number, strategy: Strategy, budget: number): Promise<void> {
  const api = await Api.start(users);
  const clock = new SkippingClock();
  const polling = {
    strategy,
    requestsPerSecond: budget,
    discoveryInterval: INTERVAL,
    usersInterval: INTERVAL,
    onlineInterval: INTERVAL,
    sessionsInterval: 3 * INTERVAL,
  };
  const expected = await forecastOf(api.url, strategy, budget);
  await api.clear();

  const exporter = await exporterOf(api.url, clock, polling);
  exporter.start();
  await untilSessionsRead(exporter.fleet, 0);
  const first = passesOf(await api.arrivals());

  await api.clear();
  const since = clock.now();
  clock.skip(INTERVAL);
  await untilSessionsRead(exporter.fleet, since);
  const quiet = passesOf(await api.arrivals());
  await exporter.stop();
  api.stop();

  const figure = (calls: number, target: number, wanted: number): string => {
    const against = users === TARGET.users ? `, ${(calls / target).toFixed(3)} of the target` : '';
    return `${calls} calls (forecast ${wanted}${against})`;
  };
  const targets = TARGET.calls[strategy];
  const passes = `users ${passSeconds(quiet, USERS)} s, online ${passSeconds(quiet, ...onlineOf(strategy))} s`;
  console.log(`\n${users} users, ${strategy}, ${budget} calls/s for each operation`);
  console.log(`  first snapshot: ${figure(first.calls, targets.first, expected.first)}`);
  console.log(`                  in ${first.seconds.toFixed(2)} s`);
  console.log(`  quiet passes:  ${figure(quiet.calls, targets.quiet, expected.quiet)}`);
  console.log(`                 ${passes}`);
  const used = use(first.arrivals[SESSIONS] ?? [], budget);
  console.log(
    used === undefined
      ? `  budget used while ${SESSIONS} waits: less than ${SHORTEST_WORK} s of work, too little to tell`
      : `  budget used while ${SESSIONS} waits: ${used.share.toFixed(3)} (target ${TARGET.share}), busiest second ${used.busiest.toFixed(3)} (target ${TARGET.busiest})`,
  );
}

const onlineOf = (strategy: Strategy): readonly string[] =>
  strategy === 'fan-out'
    ? [SESSIONS]
    : ['DescribeSagOnlineClientStatistics', 'DescribeUserOnlineClientStatistics'];

function passSeconds({ arrivals }: Passes, ...operations: readonly string[]): string {
  const [first, last] = extremes(operations.flatMap((one) => arrivals[one] ?? []));
  return ((last - first) / SECOND).toFixed(2);
}

/** The forecast of `plan`. Passes of a quiet fleet do not read sessions again. */
async function forecastOf(endpoint: string, strategy: Strategy, budget: number) {
  const defaults = await loadConfig({ env: {} });
  const polling = { ...defaults.polling, requestsPerSecond: budget };
  const client = createClient({
    ...polling,
    adaptive: false,
    credentials: accountOf(endpoint).credentials,
    endpoint,
    env: {},
    readFile: readText,
    clock: systemClock,
    random: Math.random,
    observer: { onCall() {}, onWait() {}, onBudget() {} },
  });
  const { signal } = new AbortController();
  const { pageSize } = polling;
  const look = await lookAt({ account: accountOf(endpoint), client, pageSize, signal });
  client.close();
  const { first, stages } = forecast(look, polling, strategy);
  const quiet = stages
    .filter(({ stage }) => stage !== 'sessions')
    .flatMap(({ operations }) => operations)
    .reduce((sum, { calls }) => sum + calls, 0);
  return { first: first.calls, quiet };
}

/** Measures the time from a login until /metrics shows it, for logins spread over one online interval. */
async function freshness(): Promise<void> {
  const { users, requestsPerSecond, onlineInterval, logins } = FRESHNESS;
  const api = await Api.start(users);
  const wishes = { strategy: 'batched', requestsPerSecond, onlineInterval } as const;
  const exporter = await exporterOf(api.url, systemClock, wishes);
  const listener = await listen(exporter.app, { host: '127.0.0.1', port: 0 });
  exporter.start();
  while ((await fetch(`http://127.0.0.1:${listener.port}/-/ready`)).status !== 200) {
    await sleep(systemClock, SECOND);
  }

  const waiting = new Map<string, number>();
  const taken: number[] = [];
  const gap = onlineInterval / logins;
  for (let next = systemClock.monotonic(), made = 0; made < logins || waiting.size > 0; ) {
    if (made < logins && systemClock.monotonic() >= next) {
      made++;
      next += gap;
      const at = systemClock.monotonic();
      const { instanceId, userName } = await api.login();
      waiting.set(
        `sag_app_user_online_clients{account="bench",region_id="${REGION}",instance_id="${instanceId}",user_name="${userName}"} 1\n`,
        at,
      );
    }
    const text = await (await fetch(`http://127.0.0.1:${listener.port}/metrics`)).text();
    for (const [sample, since] of [...waiting]) {
      if (!text.includes(sample)) continue;
      waiting.delete(sample);
      taken.push((systemClock.monotonic() - since) / SECOND);
    }
    await sleep(systemClock, SECOND / 2);
  }
  await exporter.stop();
  await listener.stop();
  api.stop();

  taken.sort((a, b) => a - b);
  const median = taken[Math.floor(taken.length / 2)] ?? 0;
  const longest = taken.at(-1) ?? 0;
  console.log(
    `\nfreshness: ${users} users, batched, ${requestsPerSecond} calls/s for each operation, online_interval ${onlineInterval / SECOND} s`,
  );
  console.log(
    `  ${logins} logins on /metrics: median ${median.toFixed(1)} s, longest ${longest.toFixed(1)} s, ${(longest / TARGET.freshness).toFixed(3)} of the target of ${TARGET.freshness} s`,
  );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    budget: { type: 'string', default: '500' },
    freshness: { type: 'boolean', default: false },
    simulator: { type: 'boolean', default: false },
  },
});
const sizes = positionals.map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < INSTANCES || size % INSTANCES > 0)) {
  throw new Error(`users must be multiples of ${INSTANCES}`);
}
const budget = Number(values.budget);
if (!(budget > 0)) throw new Error('--budget must be a number above 0');
if (values.simulator) {
  await simulate(sizes[0] ?? INSTANCES);
} else {
  for (const users of sizes.length > 0 ? sizes : SIZES) {
    for (const strategy of STRATEGIES) await measure(users, strategy, budget);
  }
  if (values.freshness) await freshness();
}
