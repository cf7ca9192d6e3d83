import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE, SECOND, sleep, systemClock } from '../../src/clock.ts';
import { createSimulator, createWorld, type InstanceSpec } from '../../src/simulator/index.ts';
import { createRandom } from '../../src/simulator/world/random.ts';
import { ask } from './ask.ts';
import { Churn } from './long-run/churn.ts';
import { addMixedFaults } from './long-run/mixed-faults.ts';
import { realTimeModel } from './long-run/model-options.ts';
import { ReferenceModel } from './long-run/reference-model.ts';
import { readScrape } from './long-run/scraped-fleet.ts';
import { structuralFaults } from './long-run/structure.ts';
import { WorldHistory } from './long-run/world-history.ts';
import { logLines, type Program, startCommand, urlOf } from './start-program.ts';

const POLLING = {
  discoveryInterval: 10 * SECOND,
  usersInterval: 5 * SECOND,
  onlineInterval: 2 * SECOND,
  sessionsInterval: 10 * SECOND,
  staleAfter: 20 * SECOND,
  timeout: SECOND,
};

const LIVELY = { meanSessionMs: MINUTE, multiDeviceRatio: 0.2, onlineRatio: 0.25 } as const;
const INSTANCES: readonly InstanceSpec[] = [
  { id: 'sag-large', regionId: 'cn-shanghai', users: 150, usersLimit: 400, ...LIVELY },
  { id: 'sag-small', regionId: 'ap-southeast-1', users: 40, usersLimit: 200, ...LIVELY },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 8, usersLimit: 100, onlineRatio: 0.02 },
];

/** Milliseconds between two changes of the world, and between two scrapes. */
const CHANGE_INTERVAL = SECOND / 2;
const SCRAPE_INTERVAL = SECOND / 4;
/** Longer than the exporter takes until its first write. */
const LONGEST_RUN = 7 * SECOND;
/**
 * Milliseconds that the first process runs, with an API that does not fail. Without any state, a process believes
 * the first list of instances, even if the API has left some of them out.
 */
const UNDISTURBED = 10 * SECOND;
/** The files of a write, and milliseconds that each takes at most. */
const FILES = INSTANCES.length + 1;
const WRITE = 3;

export interface CrashReport {
  /** Processes that were killed while a file was being written. */
  readonly duringWrites: number;
  /** Processes that began with the state of an earlier process. */
  readonly restored: number;
  readonly scrapes: number;
  /** Figures of users that were compared with the world. */
  readonly compared: number;
  /** What was wrong, with the number of the process. */
  readonly violations: readonly string[];
}

/**
 * Kills `serve` with SIGKILL again and again, half of the times while it writes the state, and starts it with what
 * it has left. Meanwhile users log in and out, are added and removed, and one call in ten fails. Each scrape is
 * compared with the world, and each start must find a state that it can read.
 *
 * @param processes how many are started and killed
 */
export async function crash(processes: number, seed: number): Promise<CrashReport> {
  const random = createRandom(seed, 'crashes');
  const folder = await mkdtemp(join(tmpdir(), 'sag-app-exporter-crashes-'));
  const api = await startLivelyApi(seed);
  const report = {
    duringWrites: 0,
    restored: 0,
    scrapes: 0,
    compared: 0,
    violations: [] as string[],
  };
  try {
    const file = join(folder, 'config.yml');
    await writeFile(file, configOf(api.url));
    const storagePath = join(folder, 'storage');
    await mkdir(join(storagePath, 'state'), { recursive: true });
    for (let number = 1; number <= processes; number++) {
      const moment: Moment =
        number === 1
          ? { afterStart: UNDISTURBED }
          : random.chance(0.5)
            ? { file: 1 + random.below(FILES), delay: random.next() * WRITE }
            : { afterStart: random.next() * LONGEST_RUN };
      const run = await runUntilKilled({ file, storagePath, history: api.history, moment });
      report.duringWrites += Number(run.wasWriting);
      report.restored += Number(run.isRestored);
      report.scrapes += run.scrapes;
      report.compared += run.compared;
      report.violations.push(...run.violations.map((text) => `process ${number}: ${text}`));
      if (number === 1) api.disturb();
    }
    return report;
  } finally {
    await api.stop();
    await rm(folder, { recursive: true });
  }
}

/** When a process is killed: so many milliseconds after its start, or after it has begun its nth file. */
type Moment = { readonly afterStart: number } | { readonly file: number; readonly delay: number };

interface Run {
  readonly wasWriting: boolean;
  readonly isRestored: boolean;
  readonly scrapes: number;
  readonly compared: number;
  readonly violations: readonly string[];
}

async function runUntilKilled(options: {
  readonly file: string;
  readonly storagePath: string;
  readonly history: WorldHistory;
  readonly moment: Moment;
}): Promise<Run> {
  const { file, storagePath, history, moment } = options;
  const folder = join(storagePath, 'state');
  const program = startCommand([
    `--config.file=${file}`,
    `--storage.path=${storagePath}`,
    '--web.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  const kill = (): void => void program.child.kill('SIGKILL');
  const begunFiles = new Set<string>();
  const watcher = watch(folder, (_, name) => {
    if (!('file' in moment) || !name?.includes('.tmp-') || begunFiles.has(name)) return;
    begunFiles.add(name);
    if (begunFiles.size === moment.file) setTimeout(kill, moment.delay);
  });
  const timer = setTimeout(kill, 'file' in moment ? 2 * LONGEST_RUN : moment.afterStart);
  const violations: string[] = [];
  const model = modelOf(history);
  let scrapes = 0;
  while (program.child.exitCode === null && program.child.signalCode === null) {
    const text = await metricsOf(program);
    if (text !== undefined) {
      const fleet = readScrape(text, systemClock.now() / SECOND);
      violations.push(...structuralFaults(fleet), ...model.faults(fleet));
      scrapes++;
    }
    await sleep(systemClock, text === undefined ? 1 : SCRAPE_INTERVAL);
  }
  await program.ended;
  clearTimeout(timer);
  watcher.close();
  const names = await readdir(folder);
  for (const name of names) if (name.endsWith('.unreadable')) violations.push(`${name} is left`);
  for (const { level, msg } of logLines(program))
    if (level === 'error') violations.push(String(msg));
  return {
    wasWriting: names.some((name) => name.includes('.tmp-')),
    isRestored: program.output.stderr.includes('going on with the state'),
    scrapes,
    compared: model.compared,
    violations,
  };
}

/** undefined while the program does not answer. */
async function metricsOf(program: Program): Promise<string | undefined> {
  try {
    const { status, body } = await ask(`${urlOf(program)}/metrics`);
    return status === 200 ? body : undefined;
  } catch {
    return undefined;
  }
}

/** A new model for each process, because a process may show older passes than the process before it. */
function modelOf(history: WorldHistory): ReferenceModel {
  return new ReferenceModel({ history, ...realTimeModel(POLLING) });
}

/** A world that lives and is changed, behind an API of which one call in ten fails. */
async function startLivelyApi(seed: number) {
  // The world's time stands still between two records of its history, so that no state is missed.
  let second = Math.floor(systemClock.now() / SECOND);
  const worldClock = { ...systemClock, now: () => second * SECOND };
  const world = createWorld({ seed, clock: worldClock, instances: INSTANCES, activity: 'living' });
  const simulator = createSimulator({ clock: systemClock, world, seed });
  const history = new WorldHistory(world, worldClock);
  const churn = new Churn(world, seed);
  const timer = setInterval(() => {
    for (const now = Math.floor(systemClock.now() / SECOND); second < now; ) {
      second++;
      history.note();
    }
    churn.change();
    history.note();
    history.prune((5 * MINUTE) / SECOND);
  }, CHANGE_INTERVAL);
  const server = createServer(simulator.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    history,
    disturb: () => addMixedFaults(simulator.faults),
    async stop() {
      clearInterval(timer);
      simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const configOf = (endpoint: string): string => `
accounts:
  - name: test
    endpoint: ${endpoint}
    regions: [cn-shanghai, ap-southeast-1]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling:
  requests_per_second: 200
  discovery_interval: ${POLLING.discoveryInterval}ms
  users_interval: ${POLLING.usersInterval}ms
  online_interval: ${POLLING.onlineInterval}ms
  sessions_interval: ${POLLING.sessionsInterval}ms
  stale_after: ${POLLING.staleAfter}ms
  timeout: ${POLLING.timeout}ms
history: { enabled: true }
`;
