/*
 * Measures the time from the start of the exporter to its first answer on /metrics, with an empty fleet, compared
 * with Node.js alone and with a bare server of express, prom-client and pino. Prints wall time, processor time and
 * the memory of the idle process: medians of alternating starts, and their ratios to those of the bare server.
 *
 *   npm run bench:start [-- --node=NODE... --rounds=N]
 *
 *   --node    path of a Node.js; several may be given  [default: the one that runs this]
 *   --rounds  starts of each program                   [default: 10]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './statistics.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const BARE = fileURLToPath(new URL('peer/bare.mjs', import.meta.url));
const ANY = ['--web.listen-address=127.0.0.1:0', '--log.format=json'];
const STARTS = {
  'Node.js alone': ['-e', 'console.error("listening"); setInterval(() => {}, 1000)'],
  'bare server': [BARE],
  serve: [MAIN, 'serve', ...ANY],
  demo: [MAIN, 'demo', ...ANY, '--simulator.listen-address=127.0.0.1:0'],
} as const;
type Name = keyof typeof STARTS;
const NAMES = Object.keys(STARTS) as Name[];

/** Targets for serve, as multiples of the bare server. */
const TARGETS = { wall: 1.5, memory: 1.5 } as const;
/** After this time the exporter has loaded everything that it loads after the first scrape. */
const IDLE_AFTER_MS = 1500;
/** The log line that says the exporter listens. The simulator's line, which demo logs too, has no scheme. */
const LISTENING = /"address":"([^"]+)","scheme":"http","msg":"listening"|^listening$/m;

const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: [process.execPath] },
    rounds: { type: 'string', default: '10' },
  },
});

interface Start {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of all threads. */
  readonly processor: number;
  /** Resident memory in MiB. */
  readonly memory: number;
}

/** Starts a program, asks for its metrics as soon as it listens, lets it idle, and ends it. */
async function start(node: string, args: readonly string[]): Promise<Start> {
  const began = performance.now();
  const child = spawn(node, args, {
    // Does not look for the metadata service of a cloud server, which would take a second.
    env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const address = await addressOf(child.stderr, args);
  if (address) await (await fetch(`http://${address}/metrics`)).text();
  const wall = performance.now() - began;
  const processor = processorTime(Number(child.pid));
  await sleep(IDLE_AFTER_MS);
  const memory = residentMemory(Number(child.pid));
  child.kill('SIGKILL');
  await ended;
  return { wall, processor, memory };
}

function processorTime(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = tasks.map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

function residentMemory(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

/**
 * The address of the server; undefined if its log names none. The log is read until the server ends, because a
 * program whose log is not read could block.
 */
function addressOf(log: Readable, args: readonly string[]): Promise<string | undefined> {
  let output = '';
  return new Promise((resolve, reject) => {
    log.setEncoding('utf8');
    log.on('data', (text: string) => {
      output += text;
      const listening = LISTENING.exec(output);
      if (listening) resolve(listening[1]);
    });
    log.once('end', () =>
      reject(new Error(`${args.join(' ')} ended without listening:\n${output}`)),
    );
  });
}

async function compare(node: string): Promise<void> {
  const starts = new Map<Name, Start[]>(NAMES.map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of NAMES) starts.get(name)?.push(await start(node, STARTS[name]));
  }
  const middle = (name: Name, figure: keyof Start): number =>
    median((starts.get(name) ?? []).map((each) => each[figure]));
  const ratio = (name: Name, figure: keyof Start): string =>
    (middle(name, figure) / middle('bare server', figure)).toFixed(2);
  console.log('start           wall time   ratio   processor time   ratio   idle memory   ratio');
  for (const name of NAMES) {
    const wall = `${middle(name, 'wall').toFixed(0)} ms`.padStart(9);
    const processor = `${middle(name, 'processor').toFixed(0)} ms`.padStart(14);
    const memory = `${middle(name, 'memory').toFixed(0)} MiB`.padStart(11);
    console.log(
      `${name.padEnd(15)} ${wall}   ${ratio(name, 'wall').padStart(5)}   ${processor}   ${ratio(name, 'processor').padStart(5)}   ${memory}   ${ratio(name, 'memory').padStart(5)}`,
    );
  }
  console.log(
    `targets for serve: wall time at most ${TARGETS.wall}, memory at most ${TARGETS.memory}\n`,
  );
}

for (const node of values.node) {
  const versions = spawn(node, ['--version'], { stdio: ['ignore', 'inherit', 'inherit'] });
  await once(versions, 'exit');
  await compare(node);
}
