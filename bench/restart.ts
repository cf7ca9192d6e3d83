/*
 * Measures how long the snapshot is incomplete after a restart: from the start of the compiled program until
 * /-/ready answers 200. The simulator, in another process, has a limit that equals the budget. Measures one
 * process, or several shards at the same time, of which the slowest counts.
 *
 *   npm run bench:restart -- [users...] [--shards=1] [--budget=10] [--strategy=auto]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SECOND, sleep, systemClock } from '../src/clock.ts';
import { DEFAULT_KEY } from '../src/simulator/index.ts';
import { ask } from '../test/support/ask.ts';
import { type Program, startCommand, urlOf } from '../test/support/start-program.ts';
import { serveFleet } from './simulator-process.ts';

const SIZES = [1000, 10_000, 50_000];
const REGION = 'cn-shanghai';
/** The number of instances of a fleet, all of the same size. */
const INSTANCES = 20;
const ONLINE_RATIO = 0.1;
/** Milliseconds between questions whether the snapshot is complete. */
const LOOK = 50;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    simulator: { type: 'boolean', default: false },
    shards: { type: 'string', default: '1' },
    budget: { type: 'string', default: '10' },
    strategy: { type: 'string', default: 'auto' },
  },
});
const budget = Number(values.budget);
const shards = Number(values.shards);

/** The simulator process' counts of calls. */
interface Calls {
  readonly all: number;
  readonly throttled: number;
}

/** Runs in the simulator's process: serves the fleet, and answers questions about its calls. */
async function simulate(users: number): Promise<void> {
  const requests = await serveFleet({
    regionId: REGION,
    users,
    instances: INSTANCES,
    onlineRatio: ONLINE_RATIO,
    limits: [{ kind: 'sliding-second', limit: budget }],
  });
  process.on('message', () => {
    const throttled = requests.count({ code: 'Throttling.User' });
    process.send?.({ all: requests.count(), throttled } satisfies Calls);
  });
}

const configOf = (endpoint: string): string => `
accounts:
  - name: bench
    endpoint: ${endpoint}
    regions: [${REGION}]
    credentials: { access_key_id: ${DEFAULT_KEY.accessKeyId}, access_key_secret: ${DEFAULT_KEY.accessKeySecret} }
polling: { requests_per_second: ${budget}, strategy: ${values.strategy} }
shard: { index: hostname, total: ${shards} }
`;

/** Seconds from the start until the program listened, and until its snapshot was complete. */
async function untilReady(program: Program, begun: number): Promise<readonly [string, string]> {
  const since = (): string => ((systemClock.monotonic() - begun) / SECOND).toFixed(1);
  const until = async (holds: () => Promise<boolean>): Promise<string> => {
    while (!(await holds().catch(() => false))) {
      if (program.child.exitCode !== null) throw new Error(program.output.stderr);
      await sleep(systemClock, LOOK);
    }
    return since();
  };
  const listening = await until(async () => urlOf(program) !== '');
  const ready = await until(async () => (await ask(`${urlOf(program)}/-/ready`)).status === 200);
  return [listening, ready];
}

async function measure(users: number): Promise<void> {
  const options = [`--budget=${budget}`, '--simulator', String(users)];
  const api = fork(fileURLToPath(import.meta.url), options);
  const [url] = (await once(api, 'message')) as [string];
  const folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-bench-'));
  const file = join(folder, 'config.yml');
  await writeFile(file, configOf(url));
  const begun = systemClock.monotonic();
  const flags = [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', '--log.format=json'];
  const programs = Array.from({ length: shards }, (_, index) =>
    startCommand(flags, { HOSTNAME: `bench-${index}` }),
  );
  try {
    const times = await Promise.all(programs.map((program) => untilReady(program, begun)));
    api.send('calls');
    const [calls] = (await once(api, 'message')) as [Calls];
    const seconds = times.map(([listening, ready]) => `${ready} (listening after ${listening})`);
    console.log(
      `${users} users, ${budget} calls/s, ${values.strategy}, ${shards} shard(s): ready after ${seconds.join(', ')} s; ${calls.all} calls, ${calls.throttled} of them throttled`,
    );
  } finally {
    await Promise.all(programs.map((program) => program.end()));
    api.disconnect();
    await rm(folder, { recursive: true });
  }
}

if (values.simulator) await simulate(Number(positionals[0]));
else {
  const sizes = positionals.length > 0 ? positionals.map(Number) : SIZES;
  for (const users of sizes) await measure(users);
}
