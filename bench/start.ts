/*
 * Measures the time from the start of the exporter to its first answer on /metrics, with an empty fleet, compared
 * with Node.js alone and with a bare server of express, prom-client and pino. Prints wall time and processor time:
 * the minimum of several alternating runs, because other load only adds time.
 *
 *   npm run bench:start [-- --node=NODE --rounds=N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

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

/** Target: the time of serve as a multiple of the bare server's. */
const TARGET = 1.6;
/** Clock ticks per second in /proc on Linux. */
const TICKS = 100;
/** The log line that says the exporter listens. The simulator's line, which demo logs too, has no scheme. */
const LISTENING = /"address":"([^"]+)","scheme":"http","msg":"listening"|^listening$/m;

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    rounds: { type: 'string', default: '15' },
  },
});

interface Start {
  readonly wall: number;
  readonly processor: number;
}

/** Starts a program, asks for its metrics as soon as it listens, and ends it. */
async function start(args: readonly string[]): Promise<Start> {
  const began = performance.now();
  const child = spawn(values.node, args, {
    // Does not look for the metadata service of a cloud server, which would take a second.
    env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const address = await addressOf(child.stderr, args);
  if (address) await (await fetch(`http://${address}/metrics`)).text();
  const wall = performance.now() - began;
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  child.kill('SIGKILL');
  await ended;
  return { wall, processor: (((user ?? 0) + (system ?? 0)) / TICKS) * 1000 };
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

const starts = new Map<Name, Start[]>(NAMES.map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of NAMES) starts.get(name)?.push(await start(STARTS[name]));
}
const least = (name: Name, of: (each: Start) => number): number =>
  Math.min(...(starts.get(name) ?? []).map(of));
console.log('start           least wall time   least processor time');
for (const name of NAMES) {
  const wall = least(name, (each) => each.wall).toFixed(0);
  const processor = least(name, (each) => each.processor).toFixed(0);
  console.log(`${name.padEnd(15)} ${wall.padStart(12)} ms ${processor.padStart(18)} ms`);
}
const ratio = least('serve', ({ wall }) => wall) / least('bare server', ({ wall }) => wall);
console.log(`serve / bare server ${ratio.toFixed(2)} (target: at most ${TARGET})`);
