import { SECOND } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { NotedFiles } from '../config/noted-files.ts';
import { DEFAULT_KEY, type Key } from '../simulator/index.ts';
import type { Listener } from '../web/server/listen.ts';
import type { ListenAddress } from '../web/server/listen-address.ts';
import type { CommonFlags } from './flags.ts';
import { daemonLog } from './process/command-log.ts';
import { EXIT, type Host } from './process/host.ts';
import { runExporter, type WebFlags } from './serve/serve.ts';
import {
  type RunningSimulator,
  type SimulatorFlags,
  startSimulator,
} from './simulate/simulator.ts';

export interface DemoFlags extends CommonFlags, WebFlags, SimulatorFlags {
  readonly 'simulator.listenAddress': ListenAddress;
}

/** Shorter intervals than those of a real account, because people watch a demo for minutes. */
const POLLING: Partial<Config['polling']> = {
  discoveryInterval: 20 * SECOND,
  usersInterval: 20 * SECOND,
  onlineInterval: 10 * SECOND,
  sessionsInterval: 10 * SECOND,
  requestsPerSecond: 100,
};

/** Runs the simulator and the exporter in one process until the process is asked to end. */
export async function demo(flags: DemoFlags, host: Host): Promise<number> {
  const log = await daemonLog(host, flags);
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
      onListening: (listener) => host.stdout.write(bannerOf(listener, flags, api)),
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
        // With a scenario or quirks, look in every region: a scenario may create instances in new regions,
        // and quirks may change the list of regions.
        regions: isScenario || flags.quirks !== undefined ? [] : [...regions],
        discovery: true,
        instances: [],
        include: ['*'],
        exclude: [],
      },
    ],
    // Without a scenario the simulator has no limits to which the rate could adapt.
    polling: { ...defaults.polling, ...POLLING, adaptive: isScenario },
  };
}

function keyOf({ keys }: RunningSimulator['simulator']): Key {
  return keys.all()[0] ?? DEFAULT_KEY;
}

function bannerOf({ scheme, port }: Listener, flags: DemoFlags, api: RunningSimulator): string {
  const { accessKeyId } = keyOf(api.simulator);
  // The default secret is public; a secret in a scenario may be real.
  const secret =
    accessKeyId === DEFAULT_KEY.accessKeyId ? `, secret ${DEFAULT_KEY.accessKeySecret}` : '';
  const exporter = `${scheme}://localhost:${port}`;
  return `
  The demo is running. Its metrics are complete in a few seconds.

    Status page   ${exporter}/
    Metrics       ${exporter}${flags['web.telemetryPath']}
    Readiness     ${exporter}/-/ready
    Simulated API http://localhost:${api.listener.port}/   (key ${accessKeyId}${secret})${controlLine(api)}

  Press Ctrl-C to end it.

`;
}

function controlLine({ control }: RunningSimulator): string {
  return control === undefined
    ? ''
    : `
    Control API   http://${control.address}/-/control/`;
}
