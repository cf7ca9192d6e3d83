/*
 * Measures what the storage costs: processor time and the longest block of the event loop while the state of a
 * fleet is written, its size on disk, and how long a start with this state takes until /-/ready answers 200,
 * compared with a start without any users.
 *
 *   npm run bench:state -- [users...] [--rounds=3] [--starts=3] [--only=writing|starts]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SECOND, sleep, systemClock } from '../src/clock.ts';
import { Fleet, type InstanceRecord } from '../src/fleet/fleet.ts';
import { onlineSnapshot, sessionsSnapshot, usersSnapshot } from '../src/fleet/snapshots.ts';
import { DEFAULT_KEY } from '../src/simulator/index.ts';
import { PACES, type Pace, StateWriter } from '../src/storage/state/state-writer.ts';
import { ask } from '../test/support/ask.ts';
import { type Program, startCommand, urlOf } from '../test/support/start-program.ts';
import { serveFleet } from './simulator-process.ts';

const SIZES = [10_000, 100_000];
const STRATEGIES = ['batched', 'fan-out'] as const;
const REGION = 'cn-shanghai';
/** A region without instances. */
const EMPTY_REGION = 'cn-beijing';
/** The numbers of instances that all users are spread over. */
const SPREADS = [1, 1000];
const STARTED_INSTANCES = 10;
const ONLINE_RATIO = 0.1;
const ONLINE_INTERVAL = 30 * SECOND;
/** First parts of the users' names, which are mail addresses as the API chooses them. */
const NAMES = [
  'li.wei',
  'wang.fang',
  'zhang.min',
  'liu.yang',
  'chen.jing',
  'yang.li',
  'anna.schmidt',
];
/** Milliseconds between two questions whether a program is ready. */
const LOOK = 20;

/** Targets: share of a core, milliseconds, and seconds more than an empty start. */
const TARGET = {
  share: 0.02,
  block: 20,
  start: new Map([
    [10_000, 1],
    [100_000, 3],
  ]),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    simulator: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});

/** A fleet after a pass of every stage. */
function fleetOf(users: number, instances: number): Fleet {
  const fleet = new Fleet(systemClock);
  for (let index = 0; index < instances; index++) {
    const record = fleet.addInstance(
      { account: 'bench', regionId: REGION, instanceId: `sag-${index}` },
      {
        configured: true,
        intervals: { users: 300_000, online: ONLINE_INTERVAL, sessions: 300_000 },
      },
    );
    const list = Array.from({ length: users / instances }, (_, user) => ({
      name: `${NAMES[user % NAMES.length]}.${(user * 7919) % 100_003}@example.com`,
      enabled: true,
      staticIp: false,
      bandwidth: 256_000,
      acceleratedBandwidth: 0,
    }));
    record.snapshot = { users: usersSnapshot(list) };
    record.stages.users.begin();
    record.stages.users.succeed();
    scatterLastOnline(record);
    makeOnlinePass(record, 0);
  }
  return fleet;
}

/** Lets every user have been online once, at one of many different times. */
function scatterLastOnline(record: InstanceRecord): void {
  const list = record.snapshot.users?.users ?? [];
  const now = systemClock.now() / SECOND;
  const times = Math.min(2000, list.length);
  for (let time = times; time > 0; time--) {
    const online = list.filter((_, index) => index % times === time % times);
    const counts = new Map(online.map(({ name }) => [name, 1]));
    record.presence.counted(now - time * 1234.567, counts, false);
  }
}

/** An online pass and a sessions pass. Other users than in the pass before are online. */
function makeOnlinePass(record: InstanceRecord, pass: number): void {
  const list = record.snapshot.users?.users ?? [];
  const now = systemClock.now() / SECOND;
  const isOnline = (index: number): boolean => (index + pass) % Math.round(1 / ONLINE_RATIO) === 0;
  const counts = new Map(list.map(({ name }, index) => [name, isOnline(index) ? 1 : 0]));
  const sessions = new Map(
    list.map(({ name }, index) => [
      name,
      isOnline(index)
        ? [{ clientIp: `10.${index >> 8}.${index & 255}.7`, start: now - index }]
        : [],
    ]),
  );
  record.stages.online.begin();
  record.presence.counted(now, counts, true);
  record.snapshot = {
    ...record.snapshot,
    online: onlineSnapshot(list, counts, undefined),
    sessions: sessionsSnapshot(list, sessions, undefined),
  };
  record.readings = new Map(
    list.flatMap(({ name }, index) =>
      isOnline(index) ? [[name, { at: systemClock.monotonic(), clients: 1 }] as const] : [],
    ),
  );
  record.stages.online.succeed();
}

async function measureWriting(users: number, instances: number): Promise<void> {
  const storagePath = await mkdtemp(join(tmpdir(), 'sag-app-exporter-bench-'));
  try {
    const fleet = fleetOf(users, instances);
    const writer = new StateWriter({
      storagePath,
      clock: systemClock,
      source: { fleet, learnedOf: () => undefined, keepsMail: () => false },
      beforeWrite: async () => {},
    });
    const never = new AbortController().signal;
    /** Writes everything anew, and returns how long that took and the processor time, in milliseconds. */
    const writeAll = async (pace: Pace, pass: number) => {
      for (const record of fleet.instances) makeOnlinePass(record, pass);
      await sleep(systemClock, SECOND / 2);
      const [before, begun] = [process.cpuUsage(), systemClock.monotonic()];
      await writer.write(pace, never);
      const { user, system } = process.cpuUsage(before);
      return { took: systemClock.monotonic() - begun, processor: (user + system) / 1000 };
    };
    await writeAll(PACES.ending, 1);
    const shares: number[] = [];
    const blocks: number[] = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      const { took, processor } = await writeAll(PACES.running, 2 * round);
      shares.push(processor / Math.max(took, ONLINE_INTERVAL));
      // Watching the event loop takes processor time of its own.
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await writeAll(PACES.running, 2 * round + 1);
      delay.disable();
      blocks.push(delay.max / 1e6);
    }
    const { took: ending } = await writeAll(PACES.ending, 0);
    const share = (100 * Math.min(...shares)).toFixed(2);
    const [best = 0, worst = 0] = [Math.min(...blocks), Math.max(...blocks)];
    console.log(
      `${users} users in ${instances} instance(s): ${share} % of a core (target ${TARGET.share * 100} %); longest block ${best.toFixed(1)} to ${worst.toFixed(1)} ms in the rounds (target ${TARGET.block} ms); ${(writer.size / users).toFixed(1)} bytes per user; at the end ${ending.toFixed(0)} ms`,
    );
  } finally {
    await rm(storagePath, { recursive: true });
  }
}

const configOf = (endpoint: string, region: string, strategy: string): string => `
accounts:
  - name: bench
    endpoint: ${endpoint}
    regions: [${region}]
    credentials: { access_key_id: ${DEFAULT_KEY.accessKeyId}, access_key_secret: ${DEFAULT_KEY.accessKeySecret} }
polling: { requests_per_second: 100000, adaptive: false, concurrency: 32, strategy: ${strategy} }
`;

/** Seconds from the start of a program until it is ready. */
async function untilReady(program: Program, begun: number): Promise<number> {
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(program.output.stderr);
    const isReady = await Promise.resolve()
      .then(async () => (await ask(`${urlOf(program)}/-/ready`)).status === 200)
      .catch(() => false);
    if (isReady) return (systemClock.monotonic() - begun) / SECOND;
    await sleep(systemClock, LOOK);
  }
}

async function startOnce(file: string, storagePath: string): Promise<number> {
  const begun = systemClock.monotonic();
  const program = startCommand([
    `--config.file=${file}`,
    `--storage.path=${storagePath}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  try {
    return await untilReady(program, begun);
  } finally {
    await program.end();
  }
}

async function measureStarts(users: number): Promise<void> {
  const api = fork(fileURLToPath(import.meta.url), ['--simulator', String(users)]);
  const [url] = (await once(api, 'message')) as [string];
  const folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-bench-'));
  try {
    for (const strategy of STRATEGIES) {
      const fastest = async (name: string, region: string): Promise<readonly [number, number]> => {
        const file = join(folder, `${name}.yml`);
        await writeFile(file, configOf(url, region, strategy));
        const first = await startOnce(file, join(folder, name));
        const times: number[] = [];
        for (let start = 0; start < Number(values.starts); start++) {
          times.push(await startOnce(file, join(folder, name)));
        }
        return [first, Math.min(...times)];
      };
      const [, empty] = await fastest(`empty-${strategy}`, EMPTY_REGION);
      const [cold, warm] = await fastest(`full-${strategy}`, REGION);
      console.log(
        `start with the state of ${users} users, ${strategy}: ready ${(warm - empty).toFixed(2)} s later than an empty start, which takes ${empty.toFixed(2)} s (target ${TARGET.start.get(users) ?? '-'} s); ${cold.toFixed(1)} s without state`,
      );
    }
  } finally {
    api.disconnect();
    await rm(folder, { recursive: true });
  }
}

if (values.simulator) {
  await serveFleet({
    regionId: REGION,
    users: Number(positionals[0]),
    instances: STARTED_INSTANCES,
    onlineRatio: ONLINE_RATIO,
  });
} else {
  const sizes = positionals.length > 0 ? positionals.map(Number) : SIZES;
  if (values.only !== 'starts') {
    for (const users of sizes)
      for (const instances of SPREADS) await measureWriting(users, instances);
  }
  if (values.only !== 'writing') for (const users of sizes) await measureStarts(users);
}
