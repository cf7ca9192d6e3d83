import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { call } from '../../simulator/client.ts';
import { FakeHost, type LogLine } from '../../support/fake-host.ts';
import { samplesNamed } from '../../support/world-samples.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PATIENCE = { timeout: 20_000, interval: 50 };
const clock = { now: () => Date.now() };

let host: FakeHost;
let running: Promise<number> | undefined;

/** Runs a command until the test ends. */
async function start(...args: readonly string[]): Promise<void> {
  host = new FakeHost();
  running = run([...args, '--log.format=json'], host);
  await vi.waitFor(() => host.url, PATIENCE);
}

afterEach(async () => {
  host.end();
  await running;
  running = undefined;
});

function logLine(msg: string): LogLine {
  return host.log.find((line) => line['msg'] === msg) ?? {};
}

/** Runs simulate-control against the command that runs. */
async function control(...args: readonly string[]) {
  const { control_address } = logLine('control API listening');
  const other = new FakeHost();
  const code = await run(
    ['simulate-control', ...args, `--control.url=http://${String(control_address)}`],
    other,
  );
  return { code, out: other.out, err: other.err };
}

const SIMULATE = ['simulate', '--web.listen-address=127.0.0.1:0'];
const CONTROL = '--control.listen-address=:0';

describe('simulate', () => {
  it('plays the given scenario at the given speed', async () => {
    await start(
      ...SIMULATE,
      CONTROL,
      `--scenario.file=${ROOT}config/scenarios/instance-comes-and-goes.yml`,
      '--scenario.speed=1000',
    );
    const { out } = await control('state');
    expect(JSON.parse(out)).toMatchObject({
      time: { world: expect.stringMatching(/^2026-03-02T/), speed: 1000 },
    });
    const { body } = await call({ url: host.url, clock }, 'DescribeSmartAccessGateways', {
      RegionId: 'cn-shanghai',
    });
    expect(JSON.stringify(body)).toContain('sag-permanent');
  });

  it('has a control API only with the flag, and only on the loopback interface', async () => {
    await start(...SIMULATE);
    expect(logLine('control API listening')).toEqual({});
    host.end();
    await running;
    await start(...SIMULATE, CONTROL);
    expect(logLine('control API listening')['control_address']).toMatch(/^127\.0\.0\.1:\d+$/);
    // Its paths are not those of the API.
    const answer = await fetch(`${host.url}/-/control/state`);
    expect(await answer.json()).toMatchObject({ Code: 'InvalidApi.NotFound' });
  });

  it('uses the seed of the flag rather than that of the scenario', async () => {
    const file = `--scenario.file=${ROOT}config/scenarios/quiet-office.yml`;
    const names: string[] = [];
    for (const seed of [[], ['--seed=1'], ['--seed=2']]) {
      await start(...SIMULATE, CONTROL, file, ...seed);
      names.push((await control('users', 'instance=sag-office')).out);
      host.end();
      await running;
    }
    const users = (text: string | undefined): unknown =>
      (JSON.parse(text ?? '[]') as { user_name: string }[]).map(({ user_name }) => user_name);
    expect(users(names[1])).toEqual(users(names[0]));
    expect(users(names[2])).not.toEqual(users(names[0]));
  });

  it('answers like the live API with the flag', async () => {
    await start(...SIMULATE, '--quirks=live');
    const { body } = await call({ url: host.url, clock }, 'DescribeSagOnlineClientStatistics', {
      RegionId: 'cn-shanghai',
    });
    expect(body['Code']).toBe('InvalidApi.NotFound');
  });

  it('refuses a bad scenario with every problem', async () => {
    host = new FakeHost();
    const file = `${ROOT}test/simulator/scenario/testdata/many-at-once.bad.yaml`;
    expect(await run([...SIMULATE, `--scenario.file=${file}`], host)).toBe(1);
    expect(host.err.split('\n').length).toBeGreaterThan(15);
    expect(host.err).toContain(
      `${file}:6:5: instances[0].users: expected a whole number from 0 up`,
    );
  });

  it('stops completely if the control address is in use', async () => {
    await start(...SIMULATE, CONTROL);
    const { control_address } = logLine('control API listening');
    const second = new FakeHost();
    expect(
      await run([...SIMULATE, `--control.listen-address=${String(control_address)}`], second),
    ).toBe(1);
    expect(second.err).toContain('another process does');
  });
});

describe('simulate-control', () => {
  it('performs an action and prints its result', async () => {
    await start(...SIMULATE, CONTROL);
    const instance = 'instance=sag-3x6c9v2b5n8m1z4k';
    const added = await control('add_users', instance, 'names=[li.wei0017, wang.fang]');
    expect(added).toEqual({
      code: 0,
      out: '{\n  "users": [\n    "li.wei0017",\n    "wang.fang"\n  ]\n}\n',
      err: '',
    });
    await control('connect', instance, 'user=wang.fang');
    const users = JSON.parse((await control('users', instance)).out) as {
      user_name: string;
      sessions: unknown[];
    }[];
    expect(
      users.filter(({ sessions }) => sessions.length > 0).map(({ user_name }) => user_name),
    ).toEqual(['wang.fang']);
    const fault = await control(
      'add_fault',
      'operation=DescribeRegions',
      'error=Odd.Code',
      'message=with a colon: and more',
      'status=418',
    );
    expect(JSON.parse(fault.out)).toEqual({ name: 'fault-1' });
    const { body, status } = await call({ url: host.url, clock }, 'DescribeRegions');
    expect([status, body['Code'], body['Message']]).toEqual([
      418,
      'Odd.Code',
      'with a colon: and more',
    ]);
  });

  it('lists the actions', async () => {
    await start(...SIMULATE, CONTROL);
    const { code, out } = await control();
    expect(code).toBe(0);
    for (const word of [
      'state:',
      'users:',
      'kick:',
      'jump:',
      'add_fault:',
      'probability',
      '(required)',
    ]) {
      expect(out).toContain(word);
    }
  });

  it('prints every problem', async () => {
    await start(...SIMULATE, CONTROL);
    expect(await control('kick', 'instanc=sag-x', 'user=x')).toEqual({
      code: 1,
      out: '',
      err: [
        'nothing was done: some keys of the action are wrong',
        '  instanc: expected a known key, perhaps instance; got an unknown key',
        '  instance: expected an instance id such as sag-abc123; got nothing',
        '  user: expected a user name: 2 to 33 letters, digits, "_", "@", "." and "-", a letter or digit first, or a mail address; got "x"',
        '',
      ].join('\n'),
    });
    expect(await control('kick', 'instance=sag-none')).toEqual({
      code: 1,
      out: '',
      err: 'There is no instance sag-none\n',
    });
    const nobody = new FakeHost();
    expect(await run(['simulate-control', 'state', `--control.url=${host.url}`], nobody)).toBe(1);
    expect(nobody.err).toBe('the control API refused the action without a reason\n');
  });

  it('says how to start a control API if none answers', async () => {
    await start(...SIMULATE, CONTROL);
    const { control_address } = logLine('control API listening');
    host.end();
    await running;
    const other = new FakeHost();
    const url = `http://${String(control_address)}`;
    expect(await run(['simulate-control', 'state', `--control.url=${url}`], other)).toBe(1);
    expect(other.err).toBe(
      `no control API answers at ${url}: start simulate or demo with --control.listen-address, or name another --control.url\n`,
    );
  });
});

describe('demo', () => {
  it('runs a scenario with its own key, and the exporter shows changes made through the control API', async () => {
    await start(
      'demo',
      '--web.listen-address=127.0.0.1:0',
      '--simulator.listen-address=127.0.0.1:0',
      CONTROL,
      `--scenario.file=${ROOT}test/simulator/scenario/testdata/own-key.ok.yaml`,
    );
    const users = async (): Promise<readonly number[]> => {
      const text = await (await fetch(`${host.url}/metrics`)).text();
      return Object.values(samplesNamed(text, (name) => name === 'sag_app_users_limit'));
    };
    await vi.waitFor(async () => expect(await users()).toEqual([50]), PATIENCE);
    expect(host.out).toContain('/-/control/');
    expect(host.out).toContain('key STS.own)');
    expect(host.out + host.err).not.toContain('hush');
  });
});
