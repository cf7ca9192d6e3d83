/*
 * Measures what a scrape costs. Compares the exporter with other servers of the same series, scraped in turn:
 * prom-client behind express and compression, client_golang where Go is installed, and one static Buffer,
 * which no server can beat. Each runs in a process of its own. Prints medians, their ratios with the targets,
 * how long event loops were blocked, and memory.
 *
 *   npm run bench:scrape [-- users...] [--rounds=N]
 */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '../src/clock.ts';
import { ENCODINGS, type Encoding, endScrapes, scrape } from './scrape-client.ts';
import { exporter, promClient, serve, staticBuffer, textOf } from './scrape-servers.ts';

const SERVERS = {
  exporter: () => exporter(true),
  'exporter, no age': () => exporter(false),
  'static Buffer': staticBuffer,
  'prom-client': promClient,
} as const;
type Name = keyof typeof SERVERS;
const GO = 'client_golang';

const SIZES = [1000, 10_000, 100_000];
/** Scrapes before the measured ones, so that the code is compiled as in a daemon that has run for months. */
const WARM_UP: Readonly<Record<Encoding, number>> = { gzip: 200, identity: 10 };
/** The number of measurements of rendering everything; a single one depends too much on the machine. */
const RENDERINGS = 7;
/** Milliseconds between scrapes, so that server and scraper finish the work left over from the last scrape. */
const PAUSE = 100;
const GO_PORT = 19_300;

/** The targets at the largest size. */
const TARGET = {
  users: 100_000,
  promClient: 100,
  go: 150,
  static: 12,
  staticWithoutAge: 2,
  scrapeBlock: 50,
  renderBlock: 20,
  bytesPerUser: 2500,
  peak: 1.3,
} as const;

type Command =
  | { readonly name: 'fill'; readonly users: number }
  | { readonly name: 'change' | 'reset' | 'figures' | 'settle' };

/** Figures of a server's process, in milliseconds and bytes. */
interface Figures {
  readonly longestBlock: number;
  readonly rss: number;
  readonly peak: number;
}

/** A server in a process of its own. */
class Remote {
  readonly #process: ChildProcess;
  readonly port: number;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  static async start(name: Name): Promise<Remote> {
    const child = fork(fileURLToPath(import.meta.url), ['--serve', name], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
    });
    const [port] = (await once(child, 'message')) as [number];
    return new Remote(child, port);
  }

  async run(command: Command): Promise<Figures> {
    const answered = once(this.#process, 'message');
    this.#process.send(command);
    const [figures] = (await answered) as [Figures];
    return figures;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

async function serveAs(name: Name): Promise<void> {
  const server = SERVERS[name]();
  const port = await serve(server);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('message', async (command: Command) => {
    if (command.name === 'fill') await server.fill(command.users);
    if (command.name === 'change') server.change?.();
    if (command.name === 'settle') await settle();
    const figures: Figures = {
      longestBlock: delay.max / 1e6,
      rss: process.memoryUsage().rss,
      peak: process.resourceUsage().maxRSS * 1024,
    };
    // The command itself blocked the event loop too, so the measurement starts again after it.
    if (command.name !== 'figures') setTimeout(() => delay.reset(), 10);
    process.send?.(figures);
  });
  process.once('disconnect', () => process.exit());
  process.send?.(port);
}

/** Collects garbage. Another thread frees memory outside the heap a moment later, hence the second time. */
async function settle(): Promise<void> {
  globalThis.gc?.();
  await sleep(systemClock, 100);
  globalThis.gc?.();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Starts client_golang with the same text; returns undefined where Go is not installed. */
async function startGo(folder: string, users: number): Promise<ChildProcess | undefined> {
  const binary = join(folder, 'peer');
  const built = spawnSync('sh', [fileURLToPath(new URL('peer/build.sh', import.meta.url)), binary]);
  if (built.status !== 0) return undefined;
  const file = join(folder, 'exposition.txt');
  await writeFile(file, await textOf(users));
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

/** Describes the target of a figure; empty where there is none. */
type Targets = (target: number, bound: string) => string;

function targetsOf(users: number): Targets {
  return (target, bound) => (users === TARGET.users ? ` (target: ${bound} ${target})` : '');
}

const isExporter = (name: string): boolean => name.startsWith('exporter');

async function measureRenderings(name: Name, remote: Remote, targets: Targets): Promise<void> {
  const took: number[] = [];
  const blocks: number[] = [];
  for (let rendering = 0; rendering < RENDERINGS; rendering++) {
    // After the change, the next scrape renders everything. Real passes take minutes, in which the garbage of
    // earlier passes is collected and their results move to the old generation; hence both settles.
    for (const name of ['settle', 'change', 'settle'] as const) await remote.run({ name });
    await sleep(systemClock, PAUSE);
    took.push((await scrape(remote.port, 'gzip')).ms);
    blocks.push((await remote.run({ name: 'figures' })).longestBlock);
  }
  await remote.run({ name: 'settle' });
  const block = `${median(blocks).toFixed(1)} ms${targets(TARGET.renderBlock, 'at most')}`;
  console.log(
    `  ${name}: a scrape after all passes were completed again ${median(took).toFixed(0)} ms, longest block ${block}, of ${RENDERINGS} such scrapes ${Math.max(...blocks).toFixed(1)} ms`,
  );
}

async function measure(users: number, rounds: number): Promise<void> {
  const names = Object.keys(SERVERS) as Name[];
  const targets = targetsOf(users);
  const folder = await mkdtemp(join(tmpdir(), 'bench-scrape-'));
  const remotes = new Map<Name, Remote>();
  const idle = new Map<Name, number>();
  for (const name of names) {
    const remote = await Remote.start(name);
    remotes.set(name, remote);
    await scrape(remote.port, 'gzip');
    idle.set(name, (await remote.run({ name: 'settle' })).rss);
    await remote.run({ name: 'fill', users });
  }
  const go = await startGo(folder, users);
  const ports = new Map<string, number>(Array.from(remotes, ([name, { port }]) => [name, port]));
  if (go) ports.set(GO, GO_PORT);

  console.log(`\n${users} users`);
  for (const [name, remote] of remotes) {
    for (const encoding of ENCODINGS) await scrape(remote.port, encoding);
    await remote.run({ name: 'settle' });
    await sleep(systemClock, PAUSE);
    if (isExporter(name)) await measureRenderings(name, remote, targets);
  }

  const times = new Map<string, number[]>();
  const blocks = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  for (const [name, remote] of remotes) {
    for (const encoding of name === 'prom-client' ? [] : ENCODINGS) {
      for (let round = 0; round < WARM_UP[encoding]; round++) await scrape(remote.port, encoding);
    }
    await remote.run({ name: 'settle' });
    await remote.run({ name: 'reset' });
  }
  await sleep(systemClock, PAUSE);
  for (let round = 0; round < rounds; round++) {
    for (const [name, port] of ports) {
      // Three rounds of the slow servers are enough; more would take minutes.
      if (round >= 3 && (name === GO || name === 'prom-client')) continue;
      for (const encoding of ENCODINGS) {
        await sleep(systemClock, PAUSE);
        const { ms, bytes } = await scrape(port, encoding);
        const key = `${name} ${encoding}`;
        times.set(key, [...(times.get(key) ?? []), ms]);
        sizes.set(key, bytes);
      }
      const figures = await remotes.get(name as Name)?.run({ name: 'reset' });
      if (figures) blocks.set(name, [...(blocks.get(name) ?? []), figures.longestBlock]);
    }
  }
  const p50 = (name: string, encoding: Encoding): number =>
    median(times.get(`${name} ${encoding}`) ?? []);
  for (const [name] of ports) {
    const figuresOfEncodings = ENCODINGS.map(
      (encoding) =>
        `${encoding} ${p50(name, encoding).toFixed(1)} ms (${((sizes.get(`${name} ${encoding}`) ?? 0) / 1e6).toFixed(2)} MB)`,
    );
    const settled = await remotes.get(name as Name)?.run({ name: 'settle' });
    const longestBlocks = blocks.get(name) ?? [];
    const ofProcess = settled
      ? `; longest block ${median(longestBlocks).toFixed(1)} ms${isExporter(name) ? targets(TARGET.scrapeBlock, 'at most') : ''}, of all rounds ${Math.max(...longestBlocks).toFixed(1)} ms; RSS ${(settled.rss / 1e6).toFixed(0)} MB, peak ${(settled.peak / 1e6).toFixed(0)} MB`
      : '';
    console.log(`  ${name}: ${figuresOfEncodings.join(', ')}${ofProcess}`);
  }

  const ours = p50('exporter', 'gzip');
  const remote = remotes.get('exporter');
  const figures = await remote?.run({ name: 'settle' });
  const above = (figures?.rss ?? 0) - (idle.get('exporter') ?? 0);
  console.log('  ratios of medians, gzip:');
  console.log(
    `    prom-client / exporter ${(p50('prom-client', 'gzip') / ours).toFixed(1)}${targets(TARGET.promClient, 'at least')}`,
  );
  if (go) {
    console.log(
      `    client_golang / exporter ${(p50(GO, 'gzip') / ours).toFixed(1)}${targets(TARGET.go, 'at least')}`,
    );
  } else console.log('    client_golang: Go or its packages are not installed');
  console.log(
    `    exporter / static Buffer ${(ours / p50('static Buffer', 'gzip')).toFixed(2)}${targets(TARGET.static, 'at most')}`,
  );
  console.log(
    `    exporter, no age / static Buffer ${(p50('exporter, no age', 'gzip') / p50('static Buffer', 'gzip')).toFixed(2)}${targets(TARGET.staticWithoutAge, 'at most')}`,
  );
  console.log(
    `  memory above idle ${(above / users).toFixed(0)} bytes a user${targets(TARGET.bytesPerUser, 'at most')}, peak / steady ${((figures?.peak ?? 0) / (figures?.rss ?? 1)).toFixed(2)}${targets(TARGET.peak, 'at most')}`,
  );
  for (const server of remotes.values()) server.stop();
  go?.kill();
  await rm(folder, { recursive: true });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' }, serve: { type: 'string' } },
});
const served = (Object.keys(SERVERS) as Name[]).find((name) => name === values.serve);
if (served !== undefined) {
  await serveAs(served);
} else {
  const sizes = positionals.map(Number);
  for (const users of sizes.length > 0 ? sizes : SIZES) await measure(users, Number(values.rounds));
  endScrapes();
}
