/*
 * Measures memory and processor time of an exporter process while the simulator plays a living fleet and a
 * scraper asks for gzip every 30 seconds: until the first snapshot is complete, and afterwards. The results
 * help to choose the requests and limits of a container.
 *
 *   npm run bench:resources -- [users...] [--minutes=5]      (Linux only: it reads /proc)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MINUTE, SECOND, sleep, systemClock } from '../src/clock.ts';
import { type Program, startCommand, urlOf } from '../test/support/start-program.ts';

const SIZES = [1000, 10_000, 100_000];
/** Calls per second and operation: the default, or enough for an online pass of a large fleet in 30 s. */
const budgetFor = (users: number): number => Math.max(10, users / 1000);
const INSTANCES = 10;
const SCRAPE_INTERVAL = 30 * SECOND;
const JSON_LOG = ['--log.format=json'];
const FOREVER = new AbortController().signal;
const MB = 1e6;

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const steady = Number(values.minutes) * MINUTE;
const sizes = positionals.length > 0 ? positionals.map(Number) : SIZES;

console.log('users   budget  ready after  CPU till then  CPU afterwards  RSS afterwards  RSS peak');
for (const users of sizes) await measure(users);

async function measure(users: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const simulator = await startSimulator(folder, users);
  const exporter = await startExporter(folder, users, urlOf(simulator));
  const url = urlOf(exporter);
  const began = systemClock.monotonic();
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok);
    const readyAfter = systemClock.monotonic() - began;
    const untilReady = processorSeconds(exporter);
    await scrapedUntil(url, everySessionRead);
    const before = processorSeconds(exporter);
    const since = systemClock.monotonic();
    await scrapedUntil(url, () => systemClock.monotonic() - since >= steady);
    const took = (systemClock.monotonic() - since) / SECOND;
    const share = (processorSeconds(exporter) - before) / took;
    const { VmRSS = 0, VmHWM = 0 } = memory(exporter);
    console.log(
      [
        String(users).padEnd(7),
        `${budgetFor(users)}/s`.padEnd(7),
        `${(readyAfter / SECOND).toFixed(0)} s`.padEnd(12),
        `${untilReady.toFixed(1)} s`.padEnd(14),
        `${(share * 1000).toFixed(0)}m`.padEnd(15),
        `${(VmRSS / MB).toFixed(0)} MB`.padEnd(15),
        `${(VmHWM / MB).toFixed(0)} MB`,
      ].join(' '),
    );
  } finally {
    await exporter.end();
    await simulator.end();
    rmSync(folder, { recursive: true });
  }
}

async function startSimulator(folder: string, users: number): Promise<Program> {
  const scenario = join(folder, 'scenario.yml');
  writeFileSync(
    scenario,
    JSON.stringify({
      description: `A fleet of ${users} users`,
      seed: 1,
      instances: [
        {
          id: 'sag-fleet-{n}',
          name: 'fleet-{n}',
          count: INSTANCES,
          region: 'cn-shanghai',
          users: users / INSTANCES,
          users_limit: users,
          online: 0.25,
          mean_session: '2h',
        },
      ],
    }),
  );
  const address = '--web.listen-address=127.0.0.1:0';
  return listening(startCommand(['simulate', address, `--scenario.file=${scenario}`, ...JSON_LOG]));
}

async function startExporter(folder: string, users: number, endpoint: string): Promise<Program> {
  const config = join(folder, 'config.yml');
  const key = { access_key_id: 'testid', access_key_secret: 'testsecret' };
  writeFileSync(
    config,
    JSON.stringify({
      accounts: [{ name: 'fleet', endpoint, credentials: key, regions: ['cn-shanghai'] }],
      polling: { requests_per_second: budgetFor(users) },
    }),
  );
  const address = '--web.listen-address=127.0.0.1:0';
  return listening(startCommand(['serve', address, `--config.file=${config}`, ...JSON_LOG]));
}

async function listening(program: Program): Promise<Program> {
  await until(() => program.output.stderr.includes('"listening"'));
  return program;
}

/** Scrapes until a condition holds. Goes on after a failed scrape, as Prometheus does. */
async function scrapedUntil(url: string, holds: (text: string) => boolean): Promise<void> {
  for (;;) {
    const began = systemClock.monotonic();
    const text = await scrape(url);
    if (holds(text)) return;
    const spent = systemClock.monotonic() - began;
    await sleep(systemClock, Math.max(0, SCRAPE_INTERVAL - spent), FOREVER);
  }
}

async function scrape(url: string): Promise<string> {
  try {
    return await (await fetch(`${url}/metrics`)).text();
  } catch (error) {
    console.error('a scrape failed:', error instanceof Error ? error.cause : error);
    return '';
  }
}

function everySessionRead(text: string): boolean {
  const read = text.match(/^sag_app_last_success_timestamp_seconds\{.*stage="sessions"\}/gm) ?? [];
  return read.length === INSTANCES;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(systemClock, SECOND / 2, FOREVER);
}

/** Processor time of the program and its threads, in seconds. */
function processorSeconds({ child }: Program): number {
  const [, afterName = ''] = /\) (.*)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8')) ?? [];
  const fields = afterName.split(' ');
  const TICKS_PER_SECOND = 100;
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Memory of a program in bytes, by the names in /proc/PID/status. */
function memory({ child }: Program): Readonly<Record<string, number>> {
  const lines = readFileSync(`/proc/${child.pid}/status`, 'utf8').matchAll(
    /^(Vm\w+):\s+(\d+) kB/gm,
  );
  return Object.fromEntries([...lines].map(([, name = '', kB]) => [name, Number(kB) * 1024]));
}
