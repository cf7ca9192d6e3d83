import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createSimulator,
  createWorld,
  type InstanceSpec,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator/index.ts';
import { ManualClock } from './manual-clock.ts';

/** A small world in which nothing happens by itself: an instance of 25 users, and one in another region. */
const SMALL_WORLD: readonly InstanceSpec[] = [
  { id: 'sag-small', regionId: 'cn-shanghai', users: 25, usersLimit: 30, onlineRatio: 0.2 },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 3, onlineRatio: 0 },
];

/** A simulator that listens on a free port of the loopback interface. */
export interface StartedSimulator {
  /** `http://127.0.0.1:port`, as an endpoint for any client. */
  readonly url: string;
  readonly simulator: Simulator;
  /** The simulator's clock, if the options had none. */
  readonly clock: ManualClock;
  stop(): Promise<void>;
}

/**
 * Starts a simulator. By default its clock is a ManualClock, and its world that of the scenario or one with
 * `instances` (SMALL_WORLD by default) in which nothing happens by itself.
 */
export async function startSimulator(
  options: Partial<SimulatorOptions> & { readonly instances?: readonly InstanceSpec[] } = {},
): Promise<StartedSimulator> {
  const { instances = SMALL_WORLD, ...simulatorOptions } = options;
  const manual = new ManualClock();
  const clock = simulatorOptions.clock ?? manual;
  const seed = simulatorOptions.seed ?? 1;
  const world = simulatorOptions.world ?? createWorld({ seed, clock, instances });
  const simulator = createSimulator({
    ...simulatorOptions,
    clock,
    ...(!simulatorOptions.scenario && { world }),
  });
  const server = createServer(simulator.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    simulator,
    clock: manual,
    async stop() {
      simulator.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
