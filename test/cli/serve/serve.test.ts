import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/clock.ts';
import { FakeHost, isComplaint } from '../../support/fake-host.ts';
import { parseExposition } from '../../support/parse-exposition.ts';
import { type StartedSimulator, startSimulator } from '../../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../../support/temporary-files.ts';
import { samplesOfScrape, samplesOfWorld } from '../../support/world-samples.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };
const ADDRESS = '--web.listen-address=127.0.0.1:0';

let api: StartedSimulator | undefined;
let host = new FakeHost();
let running: Promise<number> | undefined;

afterEach(async () => {
  host.end();
  await running;
  running = undefined;
  await api?.stop();
  api = undefined;
  vi.unstubAllEnvs();
});

/** Starts a command, which ends with the test at the latest. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): FakeHost {
  host = new FakeHost(env);
  running = run([...args, ADDRESS], host);
  return host;
}

async function configOf(endpoint: string, more = ''): Promise<string> {
  return temporaryFile(
    'config.yml',
    `
accounts:
  - name: test
    endpoint: ${endpoint}
    regions: [cn-shanghai, ap-southeast-1]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling: { requests_per_second: 1000, timeout: 1h, adaptive: false }
${more}`,
  );
}

async function status(path: string): Promise<{ code: number; text: string }> {
  const response = await fetch(`${host.url}${path}`);
  return { code: response.status, text: await response.text() };
}

async function untilReady(): Promise<void> {
  await vi.waitFor(async () => expect((await status('/-/ready')).code).toBe(200), PATIENCE);
}

describe('serve', () => {
  it('logs its address, becomes ready and shows the fleet', async () => {
    api = await startSimulator({ clock: systemClock });
    start([`--config.file=${await configOf(api.url)}`]);
    await untilReady();
    const listening = host.log.filter(({ msg }) => msg === 'listening');
    expect(listening).toEqual([
      expect.objectContaining({
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      }),
    ]);
    await vi.waitFor(async () => {
      const { text } = await status('/metrics');
      expect(samplesOfScrape(text)).toEqual(samplesOfWorld(api?.simulator.world ?? fail()));
    }, PATIENCE);
    const { text } = await status('/metrics');
    const up = parseExposition(text)
      .filter(({ name }) => /^sag_app_(account|instance)_up$/.test(name))
      .flatMap(({ samples }) => samples.map(({ value }) => value));
    expect(up).toEqual([1, 1, 1]);
    expect((await status('/')).text).toContain('sag-small');
    host.end();
    expect(await running).toBe(0);
    expect(host.log.at(-1)?.['msg']).toBe('stopping');
    expect(host.out).toBe('');
    expect(host.err).not.toContain('testsecret');
  });

  it('uses the file that SAG_APP_EXPORTER_CONFIG names, unless the flag names one', async () => {
    api = await startSimulator({ clock: systemClock });
    const hidden = await temporaryFile('config.yml', 'polling: { page_size: none }\n');
    const named = await configOf(api.url);
    start(['serve', `--config.file=${named}`], { SAG_APP_EXPORTER_CONFIG: hidden });
    await untilReady();
    host.end();
    expect(await running).toBe(0);
    expect(await run(['serve', ADDRESS], new FakeHost({ SAG_APP_EXPORTER_CONFIG: hidden }))).toBe(
      1,
    );
  });

  it('serves the metrics at the given path', async () => {
    api = await startSimulator({ clock: systemClock });
    start([`--config.file=${await configOf(api.url)}`, '--web.telemetry-path=/sag']);
    await vi.waitFor(async () => expect((await status('/sag')).code).toBe(200), PATIENCE);
    expect((await status('/metrics')).code).toBe(404);
    expect((await status('/')).text).toContain('<a href="./sag">');
  });

  it('with a bad configuration exits with 1 and every problem', async () => {
    const file = await temporaryFile('bad.yml', 'polling:\n  page_size: 0\n  timeout: soon\n');
    const bad = new FakeHost();
    expect(await run([`--config.file=${file}`, ADDRESS], bad)).toBe(1);
    expect(bad.err.trim().split('\n')).toEqual([
      expect.stringMatching(/bad\.yml:2:\d+: polling\.page_size: expected .*; got/),
      expect.stringMatching(/bad\.yml:3:\d+: polling\.timeout: expected .*; got/),
    ]);
    expect(bad.out).toBe('');
  });

  it('on a port in use exits with 1 and a message without a stack trace', async () => {
    api = await startSimulator();
    const { host: address } = new URL(api.url);
    const busy = new FakeHost();
    const file = await configOf(api.url);
    const args = [`--config.file=${file}`, `--web.listen-address=${address}`];
    expect(await run(args, busy)).toBe(1);
    expect(busy.err).toContain(`cannot listen on ${address}: another process does`);
    expect(busy.err).not.toContain('    at ');
  });
});

describe('serve, asked to end in the middle of a pass', () => {
  it('aborts its calls, even hung ones, and leaves nothing behind', async () => {
    api = await startSimulator({ clock: systemClock });
    const { faults, requests } = api.simulator;
    faults.add({
      match: { operation: 'DescribeSmartAccessGatewayClientUsers' },
      effect: { hang: true },
    });
    start([`--config.file=${await configOf(api.url)}`]);
    await vi.waitFor(
      () =>
        expect(
          requests.count({ operation: 'DescribeSmartAccessGatewayClientUsers' }),
        ).toBeGreaterThan(0),
      PATIENCE,
    );
    expect((await status('/-/ready')).text).toMatch(
      /0 of \d+ instances read; still waiting for .*\(users\)/,
    );
    host.end();
    expect(await running).toBe(0);
    expect(host.log.map(({ msg }) => msg)).not.toContainEqual(
      expect.stringContaining('left behind'),
    );
    expect(host.log.filter(isComplaint)).toEqual([]);
  });
});

describe('serve without credentials', () => {
  it('keeps running, is not ready, and logs once how to provide them and that there is a demo', async () => {
    api = await startSimulator({ clock: systemClock });
    await withoutCredentials();
    const file = await temporaryFile(
      'config.yml',
      `accounts: [{ name: test, endpoint: "${api.url}", regions: [cn-shanghai, ap-southeast-1] }]\n`,
    );
    start([`--config.file=${file}`]);
    await vi.waitFor(async () => {
      expect((await status('/-/ready')).text).toContain('no credentials');
    }, PATIENCE);
    const ready = await status('/-/ready');
    expect(ready.code).toBe(503);
    const errors = host.log.filter(isComplaint);
    expect(errors).toHaveLength(1);
    for (const text of [String(errors[0]?.['msg']), ready.text, (await status('/')).text]) {
      for (const way of [
        'accounts[].credentials',
        'ALIBABA_CLOUD_ACCESS_KEY_ID',
        'CLI profile',
        'credentials file',
        'ECS instance',
        'sag-app-exporter demo',
      ]) {
        expect(text).toContain(way);
      }
    }
    expect((await status('/metrics')).text).toContain('sag_app_account_up{account="test"} 0\n');
    expect((await status('/-/healthy')).code).toBe(200);
    expect(api.simulator.requests.count()).toBe(0);
    host.end();
    expect(await running).toBe(0);
  });
});

/** Removes every source of credentials of this machine. */
async function withoutCredentials(): Promise<void> {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
  vi.stubEnv('HOME', await temporaryFolder());
}

function fail(): never {
  throw new Error('no simulator');
}

it('serve refuses a history without a directory to keep it in, and names the flag', async () => {
  const file = await temporaryFile('config.yml', 'history: { enabled: true }\n');
  host = new FakeHost();
  expect(await run(['serve', `--config.file=${file}`, ADDRESS], host)).toBe(1);
  expect(host.err).toBe(
    `${file}:1:12: history.enabled: expected false, or a start with the flag --storage.path=DIRECTORY, under which the history is kept; got true\n`,
  );
  // Other commands keep nothing, so the file is no problem for them.
  expect(await run(['check-config', file], new FakeHost())).toBe(0);
});
