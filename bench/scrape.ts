/*
 * Measures what a scrape with gzip costs, for each size of a fleet and each share of users online. Compares the
 * exporter with other servers of the same series: prom-client behind express and compression, client_golang where
 * Go is installed, and one static Buffer with the exporter's own answer, which no server can beat. Each server runs
 * in a process of its own. Prints each figure beside its target.
 *
 * The servers are scraped in turn, one request each, so that a busy machine disturbs all of them alike. The
 * verdicts are about ratios of medians. The ratio of the fastest tenths and the ratio of processor times show how
 * far a median can be trusted.
 *
 *   npm run bench:scrape [-- --users=10000,100000 --online=20,100 --rounds=40]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '../src/clock.ts';
import { endScrapes, scrape } from './scrape-client.ts';
import { SERVER_NAMES, type ServerName, ServerProcess } from './scrape-process.ts';
import { type FleetSize, textOf } from './scrape-servers.ts';
import { median, quantile } from './statistics.ts';

const GO = 'client_golang';
const GO_PORT = 19_300;
/** Three rounds of these servers are enough; more would take minutes. */
const SLOW: readonly string[] = [GO, 'prom-client'];
const SLOW_ROUNDS = 3;

/** Scrapes before the measured ones, so that the code is compiled as in a daemon that has run for months. */
const WARM_UP = 200;
/** The number of measurements of rendering everything; a single one depends too much on the machine. */
const RENDERINGS = 7;
/** Milliseconds between scrapes, so that server and scraper finish the work left over from the last scrape. */
const PAUSE = 100;
/** Processor time is measured over a batch of scrapes without pauses, since its clock is coarse. */
const BATCH = 20;
const BATCHES = 5;

interface Target {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

const atMost = (value: number): Target => ({ bound: 'at most', value });
const atLeast = (value: number): Target => ({ bound: 'at least', value });

const BLOCK_OF_SCRAPE = atMost(50);
const BLOCK_OF_RENDERING = atMost(20);
/** Targets that depend on the number of users. */
const TARGETS: Readonly<Record<number, Readonly<Record<string, Target>>>> = {
  10000: { static: atMost(4), 'static, no age': atMost(4) },
  100000: {
    static: atMost(3),
    'static, no age': atMost(2),
    'prom-client': atLeast(90),
    [GO]: atLeast(60),
    'bytes per user': atMost(2500),
  },
};

function verdict(figure: number, target: Target | undefined): string {
  if (!target) return '';
  const isReached = target.bound === 'at most' ? figure <= target.value : figure >= target.value;
  return ` (target: ${target.bound} ${target.value}, ${isReached ? 'reached' : 'MISSED'})`;
}

/** Starts client_golang with the same series; returns undefined where Go is not installed. */
async function startGo(folder: string, size: FleetSize): Promise<ChildProcess | undefined> {
  const binary = join(folder, 'peer');
  const built = spawnSync('sh', [fileURLToPath(new URL('peer/build.sh', import.meta.url)), binary]);
  if (built.status !== 0) return undefined;
  const file = join(folder, 'exposition.txt');
  await writeFile(file, await textOf(size));
  const peer = spawn(binary, ['-file', file, '-addr', `127.0.0.1:${GO_PORT}`], { stdio: 'ignore' });
  for (;;) {
    try {
      await scrape(GO_PORT, 'gzip');
      return peer;
    } catch {
      await sleep(systemClock, 250);
    }
  }
}

async function measureRenderings(exporter: ServerProcess): Promise<void> {
  const times: number[] = [];
  const blocks: number[] = [];
  for (let rendering = 0; rendering < RENDERINGS; rendering++) {
    // After the change, the next scrape renders everything. Real passes take minutes, in which the garbage of
    // earlier passes is collected and their results move to the old generation; hence both settles.
    for (const name of ['settle', 'change', 'settle'] as const) await exporter.run({ name });
    await sleep(systemClock, PAUSE);
    times.push((await scrape(exporter.port, 'gzip')).ms);
    blocks.push((await exporter.run({ name: 'figures' })).longestBlock);
  }
  const block = median(blocks);
  console.log(
    `  a scrape after all passes were completed again: ${median(times).toFixed(0)} ms; longest block ${block.toFixed(1)} ms${verdict(block, BLOCK_OF_RENDERING)}`,
  );
}

/** What was measured of one server. */
interface Measured {
  readonly times: number[];
  /** Longest block of the event loop in each round. */
  readonly blocks: number[];
  /** Milliseconds of processor time per scrape. */
  processorTime: number;
  bytes: number;
}

/** Scrapes the servers in turn. */
async function measureScrapes(
  ports: ReadonlyMap<string, number>,
  servers: ReadonlyMap<string, ServerProcess>,
  rounds: number,
): Promise<ReadonlyMap<string, Measured>> {
  const all = new Map<string, Measured>();
  for (const name of ports.keys()) {
    all.set(name, { times: [], blocks: [], processorTime: Number.NaN, bytes: 0 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, port] of ports) {
      const measured = all.get(name);
      if (!measured || (round >= SLOW_ROUNDS && SLOW.includes(name))) continue;
      await sleep(systemClock, PAUSE);
      const { ms, bytes } = await scrape(port, 'gzip');
      measured.times.push(ms);
      measured.bytes = bytes;
      const figures = await servers.get(name)?.run({ name: 'figures' });
      if (figures) measured.blocks.push(figures.longestBlock);
    }
  }
  const fast = [...servers].filter(([name]) => !SLOW.includes(name));
  const costs = new Map<string, number[]>(fast.map(([name]) => [name, []]));
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const [name, server] of fast) {
      const before = await server.run({ name: 'figures' });
      for (let each = 0; each < BATCH; each++) await scrape(server.port, 'gzip');
      const after = await server.run({ name: 'figures' });
      costs.get(name)?.push((after.processorTime - before.processorTime) / BATCH);
    }
  }
  for (const [name, some] of costs) {
    const measured = all.get(name);
    if (measured) measured.processorTime = median(some);
  }
  return all;
}

function printRatio(label: string, a: Measured, b: Measured, target: Target | undefined): void {
  const ratio = median(a.times) / median(b.times);
  const fastest = quantile(a.times, 0.1) / quantile(b.times, 0.1);
  const processor = a.processorTime / b.processorTime;
  const ofProcessor = Number.isNaN(processor) ? '' : `, of processor times ${processor.toFixed(2)}`;
  console.log(
    `    ${label}: ${ratio.toFixed(2)}${verdict(ratio, target)}; of the fastest tenths ${fastest.toFixed(2)}${ofProcessor}`,
  );
}

async function measure(size: FleetSize, rounds: number): Promise<void> {
  const { users, online } = size;
  const targets = TARGETS[users] ?? {};
  const folder = await mkdtemp(join(tmpdir(), 'bench-scrape-'));
  const servers = new Map<ServerName, ServerProcess>();
  let idle = 0;
  for (const name of SERVER_NAMES) {
    const server = await ServerProcess.start(name);
    servers.set(name, server);
    await scrape(server.port, 'gzip');
    const { rss } = await server.run({ name: 'settle' });
    if (name === 'exporter') idle = rss;
    await server.run({ name: 'fill', size });
    await scrape(server.port, 'gzip');
  }
  const go = await startGo(folder, size);
  const ports = new Map<string, number>(Array.from(servers, ([name, { port }]) => [name, port]));
  if (go) ports.set(GO, GO_PORT);

  console.log(`\n${users} users, ${online} % of them online`);
  const exporter = servers.get('exporter');
  if (exporter) await measureRenderings(exporter);
  for (let scrapes = 0; scrapes < WARM_UP; scrapes++) {
    for (const [name, port] of ports) if (!SLOW.includes(name)) await scrape(port, 'gzip');
  }
  for (const server of servers.values()) await server.run({ name: 'settle' });
  const all = await measureScrapes(ports, servers, rounds);

  for (const [name, { times, processorTime, bytes }] of all) {
    const ofProcessor = Number.isNaN(processorTime)
      ? ''
      : `, processor time ${processorTime.toFixed(2)} ms`;
    console.log(
      `  ${name}: median ${median(times).toFixed(2)} ms, fastest tenth ${quantile(times, 0.1).toFixed(2)} ms${ofProcessor}, ${(bytes / 1e6).toFixed(2)} MB`,
    );
  }
  console.log('  ratios of medians:');
  const ratio = (label: string, a: string, b: string, target: Target | undefined): void => {
    const [ours, others] = [all.get(a), all.get(b)];
    if (ours && others) printRatio(label, ours, others, target);
  };
  ratio('exporter / static Buffer', 'exporter', 'static Buffer', targets['static']);
  const withoutAge = ['exporter, no age', 'static Buffer, no age'] as const;
  ratio('exporter / static Buffer, no age', ...withoutAge, targets['static, no age']);
  ratio('prom-client / exporter', 'prom-client', 'exporter', targets['prom-client']);
  if (go) ratio(`${GO} / exporter`, GO, 'exporter', targets[GO]);
  else console.log(`    ${GO} is left out: Go or its Debian packages are not installed`);

  const block = median(all.get('exporter')?.blocks ?? []);
  console.log(
    `  longest block during a scrape: ${block.toFixed(1)} ms${verdict(block, BLOCK_OF_SCRAPE)}`,
  );
  const figures = await exporter?.run({ name: 'settle' });
  if (figures) {
    const perUser = (figures.rss - idle) / users;
    console.log(
      `  memory of the exporter: ${(figures.rss / 1e6).toFixed(0)} MB, at most ${(figures.peak / 1e6).toFixed(0)} MB; above idle ${perUser.toFixed(0)} bytes per user${verdict(perUser, targets['bytes per user'])}`,
    );
  }
  for (const server of servers.values()) server.stop();
  go?.kill();
  await rm(folder, { recursive: true });
}

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10000,100000' },
    online: { type: 'string', default: '20,100' },
    rounds: { type: 'string', default: '40' },
  },
});
for (const users of values.users.split(',').map(Number)) {
  for (const online of values.online.split(',').map(Number)) {
    await measure({ users, online }, Number(values.rounds));
  }
}
endScrapes();
