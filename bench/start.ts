/*
 * How long the exporter takes to start, beside Node.js alone: wall time until the process has ended, or
 * until it has logged that it listens, and the processor time it took; the least of several runs, as
 * other load only ever adds.
 *
 *   npm run bench:start [-- --node=NODE --rounds=N]
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ANY = ['--web.listen-address=127.0.0.1:0', '--log.format=json'];
const STARTS: Readonly<Record<string, readonly string[]>> = {
  'Node.js alone': ['-e', 'console.error(\'"listening"\'); setInterval(() => {}, 1000)'],
  'serve, listening': [MAIN, 'serve', ...ANY],
  'demo, listening': [MAIN, 'demo', ...ANY, '--simulator.listen-address=127.0.0.1:0'],
};
/** Clock ticks in a second, as Linux shows them to programs. */
const TICKS = 100;

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

/** Starts it, and ends it as soon as it listens. */
async function start(args: readonly string[]): Promise<Start> {
  const began = performance.now();
  const child = spawn(values.node, args, {
    env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let listens = false;
  for await (const text of child.stderr) {
    listens = String(text).includes('"listening"');
    if (listens) break;
  }
  if (!listens) throw new Error(`${args.join(' ')} ended without listening`);
  const wall = performance.now() - began;
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  return { wall, processor: (((user ?? 0) + (system ?? 0)) / TICKS) * 1000 };
}

console.log('start              least wall time   least processor time');
for (const [name, args] of Object.entries(STARTS)) {
  const starts: Start[] = [];
  for (let round = 0; round < Number(values.rounds); round++) starts.push(await start(args));
  const least = (of: (each: Start) => number) => Math.min(...starts.map(of)).toFixed(0);
  const [wall, processor] = [least((each) => each.wall), least((each) => each.processor)];
  console.log(`${name.padEnd(18)} ${wall.padStart(12)} ms ${processor.padStart(18)} ms`);
}
