import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  freePort,
  type Program,
  startCommand,
  startProgram,
  urlOf,
} from '../../test/support/start-program.ts';
import { growthBefore } from './growth.ts';

const SCENARIO = fileURLToPath(new URL('fleet.yml', import.meta.url));

/** How often Prometheus scrapes, in seconds. */
export const SCRAPE_INTERVAL = 5;

/** A simulator with the fleet of the pictures, an exporter, and a Prometheus that scrapes it. */
export interface Stage {
  /** Base URL of the Prometheus. */
  readonly prometheus: string;
  stop(): Promise<void>;
}

/** Starts the compiled simulator and exporter, and Prometheus, which must be installed. */
export async function startStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'previews-'));
  const running: Program[] = [];
  const stop = async (): Promise<void> => {
    for (const program of running.toReversed()) await program.end();
    await rm(folder, { recursive: true, force: true });
  };
  const start = (program: Program): Program => {
    running.push(program);
    return program;
  };
  try {
    const simulator = start(
      startCommand([
        'simulate',
        `--scenario.file=${SCENARIO}`,
        '--web.listen-address=127.0.0.1:0',
        '--log.format=json',
      ]),
    );
    const config = join(folder, 'config.yml');
    await writeFile(config, exporterConfig(await until(() => urlOf(simulator))));
    const exporter = start(
      startCommand([
        `--config.file=${config}`,
        '--web.listen-address=127.0.0.1:0',
        '--log.format=json',
      ]),
    );
    const target = new URL(await until(() => urlOf(exporter))).host;
    const prometheus = `http://127.0.0.1:${await freePort()}`;
    start(await startPrometheus(folder, prometheus, target));
    await until(async () => {
      if (!(await fetch(`${prometheus}/-/ready`)).ok) throw new Error('Prometheus is not ready');
    });
    return { prometheus, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Intervals six times as short as the default ones: the day is 144 times as short. */
function exporterConfig(endpoint: string): string {
  const credentials = '{ access_key_id: testid, access_key_secret: testsecret }';
  return `
accounts:
  - { name: prod, endpoint: '${endpoint}', regions: [cn-shanghai], credentials: ${credentials} }
  - { name: overseas, endpoint: '${endpoint}', regions: [ap-southeast-1], credentials: ${credentials} }
polling:
  requests_per_second: 30
  discovery_interval: 60s
  users_interval: 30s
  online_interval: ${SCRAPE_INTERVAL}s
  sessions_interval: 30s
  traffic: { enabled: true, interval: 60s }
metrics: { detail: sessions }
`;
}

async function startPrometheus(folder: string, url: string, target: string): Promise<Program> {
  const config = join(folder, 'prometheus.yml');
  const interval = `${SCRAPE_INTERVAL}s`;
  await writeFile(
    config,
    `global: { scrape_interval: ${interval}, scrape_timeout: ${interval}, evaluation_interval: ${interval} }
scrape_configs: [{ job_name: sag-app, static_configs: [{ targets: ['${target}'] }] }]
`,
  );
  const history = join(folder, 'history.om');
  await writeFile(history, growthBefore(Date.now() / 1000, target));
  const data = join(folder, 'data');
  const imported = spawnSync(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', history, data],
    { encoding: 'utf8' },
  );
  if (imported.status !== 0) throw new Error(`promtool: ${imported.error ?? imported.stderr}`);
  return startProgram('prometheus', [
    `--config.file=${config}`,
    `--web.listen-address=${new URL(url).host}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=5d',
    '--log.level=warn',
  ]);
}

/** Tries until it succeeds, for half a minute at most. */
async function until<T>(look: () => T | Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await look();
    } catch (error) {
      if (tries === 150) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
