import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWorld, demoWorld } from '../../src/simulator/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type Program, startCommand, urlOf } from '../support/start-program.ts';
import { samplesNamed } from '../support/world-samples.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };
let program: Program | undefined;

afterEach(async () => {
  await program?.end('SIGKILL');
});

async function startDemo(): Promise<{ demo: Program; url: string }> {
  const demo = startCommand([
    'demo',
    '--web.listen-address=127.0.0.1:0',
    '--simulator.listen-address=127.0.0.1:0',
    '--log.format=json',
  ]);
  program = demo;
  return { demo, url: await vi.waitFor(() => urlOf(demo), PATIENCE) };
}

describe('demo', () => {
  it('shows a fleet: several instances in two regions, one at 96 % of its limit', async () => {
    const { demo, url } = await startDemo();
    await vi.waitFor(async () => {
      expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    }, PATIENCE);
    const text = await (await fetch(`${url}/metrics`)).text();
    const clock = new ManualClock();
    const { instances } = demoWorld({ seed: 1, clock });
    const world = createWorld({ seed: 1, clock, instances });
    const users = samplesNamed(text, (name) => name === 'sag_app_users');
    const total = Object.values(users).reduce((sum, value) => sum + value, 0);
    expect(total).toBe(instances.reduce((sum, { id }) => sum + world.users(id).length, 0));
    expect(total).toBeGreaterThanOrEqual(490);
    expect(new Set(instances.map(({ regionId }) => regionId)).size).toBe(2);
    expect(
      instances.some(({ id, usersLimit = 0 }) => world.users(id).length / usersLimit === 0.96),
    ).toBe(true);
    const online = samplesNamed(text, (name) => name === 'sag_app_online_users');
    expect(Object.keys(online)).toHaveLength(instances.length);
    expect(demo.output.stdout).toContain(`${url.replace('127.0.0.1', 'localhost')}/metrics`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends at once with exit code 0 on %s', async (signal) => {
    const { demo, url } = await startDemo();
    await vi.waitFor(async () => {
      expect((await fetch(`${url}/metrics`)).status).toBe(200);
    }, PATIENCE);
    expect(await demo.end(signal)).toBe(0);
    expect(demo.output.stderr).toContain('"msg":"stopping"');
  });
});
