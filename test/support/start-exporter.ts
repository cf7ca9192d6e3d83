import { type Clock, systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createExporter, type Exporter } from '../../src/exporter/exporter.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { DEFAULT_KEY } from '../../src/simulator/index.ts';
import { listen } from '../../src/web/server/listen.ts';

/** A polling exporter that listens on a free port of the loopback interface. */
export interface StartedExporter extends Omit<Exporter, 'scrape'> {
  readonly url: string;
  /** The text of a scrape. */
  scrape(): Promise<string>;
}

/** What differs from an exporter of one account `test` that polls as fast as it can. */
export interface ExporterWishes {
  readonly endpoint: string;
  readonly account?: Partial<Config['accounts'][number]>;
  readonly polling?: Partial<Config['polling']>;
  readonly metrics?: Partial<Config['metrics']>;
  readonly history?: Config['history'];
  readonly shard?: Config['shard'];
  /** @default nothing is kept */
  readonly storagePath?: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The configuration of a test's exporter. */
export async function exporterConfig(wishes: ExporterWishes): Promise<Config> {
  const defaults = await loadConfig({ env: {} });
  return {
    ...defaults,
    accounts: [
      {
        name: 'test',
        credentials: { kind: 'static', ...DEFAULT_KEY },
        endpoint: wishes.endpoint,
        regions: ['cn-shanghai', 'ap-southeast-1'],
        discovery: true,
        instances: [],
        include: ['*'],
        exclude: [],
        ...wishes.account,
      },
    ],
    polling: {
      ...defaults.polling,
      requestsPerSecond: 100_000,
      adaptive: false,
      ...wishes.polling,
    },
    metrics: { ...defaults.metrics, ...wishes.metrics },
    history: wishes.history ?? defaults.history,
    shard: wishes.shard ?? defaults.shard,
  };
}

/** Starts an exporter of the fleet behind `endpoint`. Its budget is unlimited unless options set one. */
export async function startExporter(wishes: ExporterWishes): Promise<StartedExporter> {
  const exporter = await createExporter({
    config: await exporterConfig(wishes),
    env: wishes.env ?? {},
    clock: wishes.clock ?? systemClock,
    random: wishes.random ?? (() => 0),
    log: wishes.log ?? silentLog(),
    build: {
      version: '0.0.0',
      revision: '',
      nodeVersion: 'v0',
      documents: 'https://git.example.com/exporter/docs',
    },
    telemetryPath: '/metrics',
    storagePath: wishes.storagePath,
  });
  const listener = await listen(exporter.app, { host: '127.0.0.1', port: 0 });
  const url = `http://${listener.address}`;
  exporter.start();
  return {
    ...exporter,
    url,
    scrape: async () => (await fetch(`${url}/metrics`)).text(),
    stop: async () => {
      await exporter.stop();
      await listener.stop();
    },
  };
}
