import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../src/clock.ts';
import { createSimulator, loadScenario, type World } from '../../../src/simulator/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startSimulator } from '../../support/start-simulator.ts';
import { call } from '../client.ts';

const EXAMPLES = fileURLToPath(new URL('../../../config/scenarios/', import.meta.url));

/** The whole content of a world, as text. */
function dump(world: World): string {
  return JSON.stringify(
    world.instances().map((instance) => [instance.details, instance.users]),
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
}

const SCENARIO = `
seed: 7
start: '2026-03-02 08:00'
speed: 60
rhythm:
  points:
    - { at: '03:00', online: 0.05 }
    - { at: '10:00', online: 0.6 }
instances:
  - { id: sag-one, region: cn-shanghai, users: 80, users_limit: 90, growth: { users_per_day: 100 } }
  - { id: 'sag-branch-{n}', count: 3, region: ap-southeast-1, users: 30 }
limits:
  - { limit: 2, kind: fixed-window, window: 3s }
faults:
  - { probability: 0.3, error: ServiceUnavailable }
  - { at: '09:00', every: 2h, for: 30m, operation: DescribeUserOnlineClients, probability: 0.5, html: 502 }
events:
  - { at: 1h, add_instance: { id: sag-new, region: cn-shanghai, users: 20 } }
  - { at: 2h, change_instance: { id: sag-one, users_limit: 200 } }
  - { at: 3h, kick: { instance: sag-one } }
  - { at: 4h, deny: { operation: DescribeRegions } }
`;

/** Runs a scenario for some hours of its time with real calls, and records everything visible. */
async function run(seed?: number): Promise<string> {
  const clock = new ManualClock();
  const scenario = await loadScenario('scenario.yml', { readFile: async () => SCENARIO });
  const api = await startSimulator({
    clock,
    scenario,
    recordRequests: true,
    ...(seed && { seed }),
  });
  try {
    const { simulator } = api;
    const seen: string[] = [dump(simulator.world)];
    for (let step = 0; step < 60; step++) {
      await clock.advance(5 * SECOND);
      const instance = { RegionId: 'cn-shanghai', SmartAGId: 'sag-one' };
      for (const [operation, own] of [
        ['DescribeRegions', {}],
        ['DescribeRegions', {}],
        ['DescribeRegions', {}],
        ['DescribeSmartAccessGateways', { RegionId: 'cn-shanghai' }],
        ['DescribeSmartAccessGatewayClientUsers', instance],
        ['DescribeUserOnlineClients', { ...instance, UserName: 'nobody.here' }],
      ] as const) {
        // Answers that are not JSON appear in the log of requests.
        const answer = await call({ url: api.url, clock }, operation, own).catch(() => undefined);
        seen.push(answer?.text.replaceAll(api.url.slice('http://'.length), 'host') ?? 'no JSON');
      }
    }
    seen.push(dump(simulator.world), JSON.stringify(simulator.requests.recent));
    expect(simulator.requests.recent).toHaveLength(360);
    return seen.join('\n');
  } finally {
    await api.stop();
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a scenario run twice', () => {
  it('gives the same worlds, answers and requests, byte for byte', async () => {
    const [once, again] = [await run(), await run()];
    expect(digest(again)).toBe(digest(once));
    for (const part of [
      'ServiceUnavailable',
      'Throttling.User',
      'Forbidden',
      '"html"',
      'sag-new',
    ]) {
      expect(once.includes(part), part).toBe(true);
    }
  });

  it('gives other results with another seed', async () => {
    expect(digest(await run(8))).not.toBe(digest(await run()));
  });

  it('does not depend on how often it is read', async () => {
    for (const [name, hours] of [
      ['morning-rush', 30],
      ['instance-comes-and-goes', 60],
      ['bad-day', 1],
      ['growth', 24 * 27],
    ] as const) {
      const scenario = await loadScenario(`${EXAMPLES}${name}.yml`);
      const [left, watched] = [new ManualClock(), new ManualClock()];
      const quiet = createSimulator({ clock: left, scenario });
      const nosy = createSimulator({ clock: watched, scenario });
      const steps = hours * 4;
      for (let step = 0; step < steps; step++) {
        await watched.advance((15 * MINUTE) / scenario.speed);
        nosy.world.catchUp();
        if (step % 3 === 0) nosy.world.instances().map((instance) => instance.sessionCount);
      }
      await left.advance((hours * HOUR) / scenario.speed);
      expect(watched.now(), name).toBe(left.now());
      expect(digest(dump(nosy.world)), name).toBe(digest(dump(quiet.world)));
    }
  });
});
