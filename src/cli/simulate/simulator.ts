import { systemClock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import {
  createControlApp,
  createSimulator,
  loadScenario,
  QUIRK_PRESETS,
  type QuirkPreset,
  type Scenario,
  type Simulator,
} from '../../simulator/index.ts';
import { type Listener, listen } from '../../web/server/listen.ts';
import type { ListenAddress } from '../../web/server/listen-address.ts';
import { withCommandError } from '../config-source.ts';
import { EXIT, type Host } from '../process/host.ts';
import { preparedUnlessEnding } from '../process/until-ending.ts';

/** Values of SIMULATOR_OPTIONS. */
export interface SimulatorFlags {
  readonly 'scenario.file'?: string;
  readonly 'scenario.speed'?: number;
  readonly seed?: number;
  readonly quirks?: QuirkPreset;
  readonly 'control.listenAddress'?: ListenAddress;
}

export interface RunningSimulator {
  readonly simulator: Simulator;
  readonly listener: Listener;
  /** Undefined without --control.listen-address. */
  readonly control: Listener | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the simulator with the settings of the flags.
 *
 * @throws CommandError with every problem of the scenario
 * @throws Error when an address cannot be bound
 */
export async function startSimulator(
  flags: SimulatorFlags,
  address: ListenAddress | readonly ListenAddress[],
  host: Host,
  log: Log,
): Promise<RunningSimulator> {
  const { seed, quirks, 'scenario.speed': speed, 'control.listenAddress': controlAddress } = flags;
  const scenario = await scenarioOf(flags, host);
  const simulator = createSimulator({
    clock: systemClock,
    log,
    ...(scenario && { scenario }),
    ...(seed !== undefined && { seed }),
    ...(speed !== undefined && { speed }),
    ...(quirks !== undefined && { quirks: QUIRK_PRESETS[quirks] }),
  });
  const listener = await listen(simulator.app, address);
  let control: Listener | undefined;
  const stop = async (): Promise<void> => {
    simulator.close();
    await Promise.all([listener.stop(), control?.stop()]);
  };
  if (controlAddress !== undefined) {
    try {
      control = await listen(createControlApp(simulator, log), controlAddress);
    } catch (error) {
      await stop();
      throw error;
    }
    log.info({ control_address: control.address }, 'control API listening');
  }
  return { simulator, listener, control, stop };
}

async function scenarioOf(flags: SimulatorFlags, host: Host): Promise<Scenario | undefined> {
  const file = flags['scenario.file'];
  if (file === undefined) return undefined;
  const loading = withCommandError(loadScenario(file, { env: host.env }));
  return preparedUnlessEnding(host, EXIT.done, loading);
}
