import { SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { NotedFiles } from '../config/noted-files.ts';
import { DEFAULT_KEY, type Key } from '../simulator/index.ts';
import type { Listener } from '../web/listen.ts';
import type { ListenAddress } from '../web/listen-address.ts';
import type { CommonFlags } from './flags.ts';
import { daemonLog } from './process/command-log.ts';
import { EXIT, type Host } from './process/host.ts';
import { runExporter, type WebFlags } from './serve/serve.ts';
import {
  type RunningSimulator,
  type SimulatorFlags,
  startSimulator,
} from './simulate/simulator.ts';

/** Flags of demo. */
export interface DemoFlags extends CommonFlags, WebFlags, SimulatorFlags {
  readonly 'simulator.listenAddress': ListenAddress;
}

/** A demo is watched for minutes: it polls more often than a real account should be. */
const POLLING: Partial<Config['polling']> = {
  discoveryInterval: 20 * SECOND,
  usersInterval: 20 * SECOND,
  onlineInterval: 10 * SECOND,
  sessionsInterval: 10 * SECOND,
  requestsPerSecond: 100,
};

/** Simulator and exporter in one process, with nothing to configure. */
export async function demo(flags: DemoFlags, host: Host): Promise<number> {
  const log = daemonLog(host, flags);
  const api = await startSimulator(
    flags,
    flags['simulator.listenAddress'],
    host,
    log.child({ part: 'simulator' }),
  );
  try {
    await runExporter({
      source: {
        load: () => demoConfig(api, flags),
        files: new NotedFiles(),
      },
      flags,
      host,
      log,
      onListening: (listener) => host.stdout.write(whereToLook(listener, flags, api)),
    });
  } finally {
    await api.stop();
  }
  return EXIT.done;
}

async function demoConfig(
  { simulator, listener }: RunningSimulator,
  flags: SimulatorFlags,
): Promise<Config> {
  const isScenario = flags['scenario.file'] !== undefined;
  const defaults = await loadConfig({ env: {} });
  const regions = new Set(simulator.world.instances().map(({ regionId }) => regionId));
  const { accessKeyId, accessKeySecret, securityToken } = keyOf(simulator);
  return {
    ...defaults,
    accounts: [
      {
        name: 'demo',
        credentials: {
          kind: 'static',
          accessKeyId,
          accessKeySecret,
          ...(securityToken !== undefined && { securityToken }),
        },
        endpoint: `http://127.0.0.1:${listener.port}`,
        // A scenario may create instances where there are none at the start, and quirks may concern
        // the list of regions: look everywhere.
        regions: isScenario || flags.quirks !== undefined ? [] : [...regions],
        discovery: true,
        instances: [],
        include: ['*'],
        exclude: [],
      },
    ],
    // Only a scenario's simulator has limits to be found.
    polling: { ...defaults.polling, ...POLLING, adaptive: isScenario },
  };
}

function keyOf({ keys }: RunningSimulator['simulator']): Key {
  return keys.all()[0] ?? DEFAULT_KEY;
}

function whereToLook({ scheme, port }: Listener, flags: DemoFlags, api: RunningSimulator): string {
  const { accessKeyId } = keyOf(api.simulator);
  // The documents' own secret is none; that of a scenario may be.
  const secret =
    accessKeyId === DEFAULT_KEY.accessKeyId ? `, secret ${DEFAULT_KEY.accessKeySecret}` : '';
  const exporter = `${scheme}://localhost:${port}`;
  return `
  The demo is running; its picture is complete in a few seconds.

    Status page   ${exporter}/
    Metrics       ${exporter}${flags['web.telemetryPath']}
    Ready?        ${exporter}/-/ready
    API           http://localhost:${api.listener.port}/   (simulated; key ${accessKeyId}${secret})${controlLine(api)}

  Ctrl-C ends it.

`;
}

function controlLine({ control }: RunningSimulator): string {
  return control === undefined
    ? ''
    : `
    Control       http://${control.address}/-/control/`;
}
