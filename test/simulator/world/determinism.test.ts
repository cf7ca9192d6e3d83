import { expect, it, onTestFinished } from 'vitest';
import { MINUTE, SECOND } from '../../../src/clock.ts';
import { createWorld, demoWorld } from '../../../src/simulator/index.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startSimulator } from '../../support/start-simulator.ts';
import { call, type Way } from '../client.ts';
import { callAcs3 } from '../gateway/acs3-client.ts';

const REGION = { RegionId: 'cn-shanghai' };

/** An hour of a living fleet with faults: everything visible, as one text. */
async function hour(seed: number): Promise<string> {
  const clock = new ManualClock();
  const world = createWorld(demoWorld({ seed, clock }));
  const started = await startSimulator({
    clock,
    world,
    seed,
    recordRequests: true,
    limits: [{ kind: 'fixed-window', limit: 3, windowMs: MINUTE, by: 'user' }],
    faults: [
      { probability: 0.1, effect: { error: { code: 'ServiceUnavailable' } } },
      { probability: 0.1, effect: { html: 502 } },
    ],
  });
  onTestFinished(() => started.stop());
  const target = { url: started.url, clock };
  const { requests } = started.simulator;
  const seen: string[] = [];
  const [instance] = world.instances();
  if (instance === undefined) throw new Error('The demo has instances');
  const own = { ...REGION, SmartAGId: instance.id };

  const ask = async (step: number): Promise<void> => {
    const UserName = instance.users[step]?.name ?? '';
    const way: Way = step % 2 === 0 ? 'GET' : 'POST form';
    // The page of a proxy is not JSON.
    await call(target, 'DescribeSmartAccessGatewayClientUsers', own, { way }).then(
      ({ text }) => seen.push(text),
      () => seen.push('no JSON'),
    );
    const clients = { ...own, UserName };
    seen.push((await callAcs3(target, 'DescribeUserOnlineClients', clients)).text);
    const kick = { ...own, Username: UserName };
    seen.push((await callAcs3(target, 'KickOutClients', kick)).text);
    const version = '2015-04-01';
    const role = { RoleArn: 'acs:ram::1:role/x', RoleSessionName: 'xy' };
    seen.push((await callAcs3(target, 'AssumeRole', role, { version })).text);
  };
  for (let step = 0; step < 60; step++) {
    await clock.advance(step % 3 === 0 ? 90 * SECOND : 30 * SECOND);
    await ask(step);
  }
  const state = world.instances().map(({ details, users }) => ({ details, users }));
  return [
    // The operating system chooses the port of a simulator.
    ...seen.map((text) => text.replaceAll(new URL(started.url).host, 'host')),
    ...requests.recent.map((record) => JSON.stringify(record)),
    JSON.stringify(state, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ].join('\n');
}

it('the same seed gives the same world, replies and request log, byte for byte', async () => {
  const [first, second, other] = [await hour(7), await hour(7), await hour(8)];
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  for (const code of ['OK', 'Throttling.User', 'ServiceUnavailable', 'html']) {
    expect(first).toContain(`"code":"${code}"`);
  }
});
