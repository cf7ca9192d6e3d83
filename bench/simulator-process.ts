import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../src/clock.ts';
import { createSimulator, createWorld, type SimulatorOptions } from '../src/simulator/index.ts';

export interface ServedFleet {
  readonly regionId: string;
  readonly users: number;
  /** The number of instances, all of the same size. */
  readonly instances: number;
  readonly onlineRatio: number;
  readonly limits?: SimulatorOptions['limits'];
}

/**
 * Runs in a process of its own, which the benchmark forks: serves a simulated fleet until the parent disconnects, and
 * sends the address to the parent.
 *
 * @returns the requests that the simulator counts
 */
export async function serveFleet({ regionId, users, instances, onlineRatio, limits }: ServedFleet) {
  const world = createWorld({
    seed: 1,
    clock: systemClock,
    instances: Array.from({ length: instances }, (_, index) => ({
      id: `sag-${index}`,
      regionId,
      users: users / instances,
      usersLimit: users,
      onlineRatio,
    })),
  });
  const { app, requests } = createSimulator({
    clock: systemClock,
    world,
    ...(limits && { limits }),
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.once('disconnect', () => process.exit());
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return requests;
}
