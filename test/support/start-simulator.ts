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

/** A small still world: one instance of 25 users, one quiet one in another region. */
const SMALL_WORLD: readonly InstanceSpec[] = [
  { id: 'sag-small', regionId: 'cn-shanghai', users: 25, usersLimit: 30, onlineRatio: 0.2 },
  { id: 'sag-quiet', regionId: 'ap-southeast-1', users: 3, onlineRatio: 0 },
];

/** A simulator listening on a free port of the loopback. */
export interface StartedSimulator {
  /** `http://127.0.0.1:port`, as an endpoint for any client. */
  readonly url: string;
  readonly simulator: Simulator;
  /** The simulator's clock, when none was handed in. */
  readonly clock: ManualClock;
  stop(): Promise<void>;
}

/**
 * Starts a simulator; unless given, its clock is a ManualClock and its world that of the scenario, or
 * still, with `instances` (SMALL_WORLD by default).
 */
export async function startSimulator(
  options: Partial<SimulatorOptions> & { readonly instances?: readonly InstanceSpec[] } = {},
): Promise<StartedSimulator> {
  const { instances = SMALL_WORLD, ...given } = options;
  const manual = new ManualClock();
  const clock = given.clock ?? manual;
  const seed = given.seed ?? 1;
  const world = given.world ?? createWorld({ seed, clock, instances });
  const simulator = createSimulator({ ...given, clock, ...(!given.scenario && { world }) });
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
