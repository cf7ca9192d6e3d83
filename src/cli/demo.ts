import { SECOND, systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { NotedFiles } from '../config/noted-files.ts';
import { createSimulator, DEFAULT_KEY } from '../simulator/index.ts';
import { type ListenAddress, type Listener, listen } from '../web/listen.ts';
import { type CommonFlags, logOf } from './flags.ts';
import { EXIT, type Host } from './host.ts';
import { runExporter, type WebFlags } from './serve.ts';

/** Flags of demo. */
export interface DemoFlags extends CommonFlags, WebFlags {
  readonly 'simulator.listenAddress': ListenAddress;
}

/** A demo is watched for minutes: it polls more often than a real account should be. */
const POLLING: Partial<Config['polling']> = {
  usersInterval: 20 * SECOND,
  onlineInterval: 10 * SECOND,
  sessionsInterval: 10 * SECOND,
  requestsPerSecond: 100,
  // Its simulator has no limit to be found.
  adaptive: false,
};

/** Simulator and exporter in one process, with nothing to configure. */
export async function demo(flags: DemoFlags, host: Host): Promise<number> {
  const log = logOf(host, flags);
  const simulator = createSimulator({ clock: systemClock, log: log.child({ part: 'simulator' }) });
  const api = await listen(simulator.app, flags['simulator.listenAddress']);
  const config = await demoConfig(`http://127.0.0.1:${api.port}`, [
    ...new Set(simulator.world.instances().map(({ regionId }) => regionId)),
  ]);
  try {
    await runExporter({
      source: { load: async () => config, files: new NotedFiles() },
      flags,
      host,
      log,
      onListening: (listener) => host.stdout.write(whereToLook(listener, flags, api.port)),
    });
  } finally {
    simulator.close();
    await api.stop();
  }
  return EXIT.done;
}

async function demoConfig(endpoint: string, regions: readonly string[]): Promise<Config> {
  const defaults = await loadConfig({ env: {} });
  return {
    ...defaults,
    accounts: [
      {
        name: 'demo',
        credentials: { kind: 'static', ...DEFAULT_KEY },
        endpoint,
        regions,
        discovery: true,
        instances: [],
        include: ['*'],
        exclude: [],
      },
    ],
    polling: { ...defaults.polling, ...POLLING },
  };
}

function whereToLook({ scheme, port }: Listener, flags: DemoFlags, apiPort: number): string {
  const exporter = `${scheme}://localhost:${port}`;
  return `
  The demo is running; its picture is complete in a few seconds.

    Status page   ${exporter}/
    Metrics       ${exporter}${flags['web.telemetryPath']}
    Ready?        ${exporter}/-/ready
    API           http://localhost:${apiPort}/   (simulated; key ${DEFAULT_KEY.accessKeyId}, secret ${DEFAULT_KEY.accessKeySecret})

  Ctrl-C ends it.

`;
}
