import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { systemClock } from '../../src/clock.ts';
import { FakeHost } from '../support/fake-host.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';
import { samplesNamed, samplesOfScrape, samplesOfWorld } from '../support/world-samples.ts';
import { configOf, KEY_SECRETS, MARKED_KEY, ran, type Wishes } from './one-shot.ts';

const USERS = 'DescribeSmartAccessGatewayClientUsers';
const COUNTS = 'DescribeUserOnlineClientStatistics';
const ONLINE = 'DescribeUserOnlineClients';

let api: StartedSimulator;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, keys: [MARKED_KEY] });
});

afterEach(async () => {
  await api.stop();
  vi.unstubAllEnvs();
});

const once = async (args: readonly string[] = [], wishes: Wishes = {}) => {
  const result = await ran(['once', `--config.file=${await configOf(api.url, wishes)}`, ...args]);
  for (const secret of KEY_SECRETS) expect(result.out + result.err).not.toContain(secret);
  return result;
};

/** Values by `name{…}`. The labels that identify an instance are written only for metrics of instances. */
const samples = (text: string, family: string) => samplesNamed(text, (name) => name === family);

describe('once', () => {
  it('prints the whole fleet and nothing else', async () => {
    const { code, out, err } = await once();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(samplesOfScrape(out)).toEqual(samplesOfWorld(api.simulator.world, 'prod'));
    expect(Object.values(samples(out, 'sag_app_instance_up'))).toEqual([1, 1]);
  });

  it('makes one pass of each stage', async () => {
    await once([], { polling: 'users_interval: 1s, online_interval: 1s, strategy: fan-out' });
    const { [USERS]: pages, ...others } = api.simulator.requests.byOperation();
    expect(others).toEqual({ DescribeSmartAccessGateways: 2, [ONLINE]: 28 });
    // One more to learn that TotalCount counts the list and not the page.
    expect(pages).toBeLessThanOrEqual(3);
  });

  it('reads the traffic too if it is enabled', async () => {
    const { code, out } = await once([], { polling: 'traffic: { enabled: true }' });
    expect(code).toBe(0);
    expect(Object.keys(samples(out, 'sag_app_user_traffic_month_bytes'))).toHaveLength(28);
  });

  it('prints no process metrics, because the node exporter refuses a file that repeats its own', async () => {
    const { out } = await once();
    const names = parseExposition(out).map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith('sag_app_'))).toEqual([]);
    expect(names).toContain('sag_app_exporter_build_info');
    expect(out.endsWith('\n')).toBe(true);
    expect(out).not.toMatch(/\n\n/);
  });

  it('logs only when asked to', async () => {
    const { code, err } = await once(['--log.level=info', '--log.format=json']);
    expect(code).toBe(0);
    expect(err).toContain('"msg":"watching the instance"');
  });
});

describe('once --output', () => {
  it('replaces the file atomically, readable by others, and prints nothing', async () => {
    const file = await temporaryFile('sag.prom', 'old\n');
    expect(await once([`--output=${file}`])).toEqual({ code: 0, out: '', err: '' });
    const text = await readFile(file, 'utf8');
    expect(samplesOfScrape(text)).toEqual(samplesOfWorld(api.simulator.world, 'prod'));
    expect((await stat(file)).mode & 0o444).toBe(0o444);
    expect(await readdir(dirname(file))).toEqual(['sag.prom']);
  });

  it('keeps the old file until the end, and leaves no other file next to it', async () => {
    const file = await temporaryFile('sag.prom', 'old\n');
    api.simulator.faults.add({ effect: { hang: true } });
    const host = new FakeHost();
    const args = ['once', `--config.file=${await configOf(api.url)}`, `--output=${file}`];
    const running = run(args, host);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    expect(await readdir(dirname(file))).toEqual(['sag.prom']);
    host.end();
    expect(await running).toBe(1);
    expect(host.err).toBe('once was ended before it was done; nothing was written\n');
    expect(host.out).toBe('');
    expect(await readFile(file, 'utf8')).toBe('old\n');
    expect(await readdir(dirname(file))).toEqual(['sag.prom']);
  });

  it('never shows an incomplete file to a reader', async () => {
    const file = await temporaryFile('sag.prom', 'old\n');
    const seen = new Set<string>();
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const text = await readFile(file, 'utf8');
        seen.add(text === 'old\n' || text.endsWith('\n') ? 'whole' : text.slice(-20));
        if (text !== 'old\n') expect(samplesOfScrape(text)).not.toEqual({});
      }
    })();
    for (let round = 0; round < 5; round++) await once([`--output=${file}`]);
    isOver = true;
    await reading;
    expect([...seen]).toEqual(['whole']);
  });

  it('writes the target of a symbolic link, and keeps the link', async () => {
    const file = await temporaryFile('real.prom', 'old\n');
    const link = join(dirname(file), 'link.prom');
    await symlink(file, link);
    expect((await once([`--output=${link}`])).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('sag_app_instance_up');
    expect((await readdir(dirname(file))).sort()).toEqual(['link.prom', 'real.prom']);
  });

  it.each([
    [
      'into a folder that is not there',
      async () => join(await temporaryFolder(), 'a', 'b'),
      'ENOENT',
    ],
    ['onto a folder', () => temporaryFolder(), 'expected a file'],
    ['onto a device', async () => '/dev/null', 'expected a file'],
    [
      'below a file',
      async () => join(await temporaryFile('file', 'text'), 'below.prom'),
      'ENOTDIR',
    ],
  ])('%s fails before the first call', async (_, where, message) => {
    const { code, out, err } = await once([`--output=${await where()}`]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('--output: ');
    expect(err).toContain(message);
    expect(api.simulator.requests.count()).toBe(0);
  });

  it('that fails at the end prints the reason and leaves no file behind', async () => {
    const folder = join(await temporaryFolder(), 'textfile');
    await mkdir(folder);
    const file = join(folder, 'sag.prom');
    api.simulator.faults.add({ effect: { delayMs: 300 } });
    const running = once([`--output=${file}`]);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0));
    // A folder appears at the path in the meantime. It cannot be replaced with a file.
    await mkdir(file);
    await writeFile(join(file, 'inside'), '');
    await chmod(folder, 0o755);
    const { code, err } = await running;
    expect(code).toBe(1);
    expect(err).toMatch(/--output: .*sag\.prom cannot be written \(E[A-Z]+\)/);
    expect(await readdir(folder)).toEqual(['sag.prom']);
  });
});

describe('once exits with 1 and prints the metrics that it has after a failure of', () => {
  it('an instance whose users cannot be listed', async () => {
    api.simulator.permissions.deny({ operation: USERS, instanceId: 'sag-small' });
    const { code, out, err } = await once();
    expect(code).toBe(1);
    expect(err).toContain(
      'instance sag-small (account prod, cn-shanghai): the users pass failed: ',
    );
    expect(err).toContain('Permit the operation');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(out).toMatch(/^sag_app_instance_up\{.*sag-small.*\} 0$/m);
    expect(out).toMatch(/^sag_app_instance_up\{.*sag-quiet.*\} 1$/m);
    expect(out).not.toMatch(/^sag_app_users\{.*sag-small/m);
  });

  it.each([
    ['online', COUNTS, 'strategy: batched'],
    ['online', ONLINE, 'strategy: fan-out'],
    ['sessions', ONLINE, ''],
    ['traffic', 'DescribeUserFlowStatistics', 'traffic: { enabled: true }'],
  ])('the %s pass, %s denied', async (stage, operation, polling) => {
    api.simulator.permissions.deny({ operation });
    const { code, out, err } = await once([], { polling });
    expect(code).toBe(1);
    expect(err).toContain(`the ${stage} pass failed: ${operation}: Forbidden`);
    expect(out).toMatch(/^sag_app_instance_up\{.*sag-small.*\} 0$/m);
  });

  it('the sessions of one user', async () => {
    const match = {
      operation: ONLINE,
      userName: api.simulator.world.users('sag-small')[0]?.name ?? '',
    };
    api.simulator.faults.add({ match, effect: { error: { code: 'ServiceUnavailable' } } });
    const { code, err } = await once([], { polling: 'strategy: fan-out' });
    expect(code).toBe(1);
    expect(err).toContain('the online pass failed');
  });

  it('discovery', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGateways' });
    const { code, out, err } = await once();
    expect(code).toBe(1);
    expect(err).toContain('account prod: discovery in cn-shanghai failed: ');
    expect(err).toContain('account prod: discovery in ap-southeast-1 failed: ');
    expect(out).toContain('sag_app_account_up{account="prod"} 1\n');
    expect(out).toMatch(/^sag_app_discovery_failures_total\{.*\} 1$/m);
  });

  it('the regions', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeRegions' });
    const { code, err } = await once([], { account: '' });
    expect(code).toBe(1);
    expect(err).toContain('account prod: finding its regions failed: DescribeRegions: Forbidden');
  });

  it('the credentials', async () => {
    const { code, out, err } = await once([], { secret: 'marked-wrong-secret' });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^account prod: .*SignatureDoesNotMatch.* Check the credentials of the account\.\n$/,
    );
    expect(out).toContain('sag_app_account_up{account="prod"} 0\n');
  });

  it('no credentials at all', async () => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('ALIBABA_CLOUD_')) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('ALIBABA_CLOUD_ECS_METADATA_DISABLED', 'true');
    vi.stubEnv('HOME', await temporaryFolder());
    const { code, err } = await ran(['once']);
    expect(code).toBe(1);
    expect(err).toContain('account default: ');
    expect(err).toContain('no credentials found');
    expect(err).toContain('`sag-app-exporter demo` runs without credentials');
  });

  it('not the look-up of a configured instance, which is not needed', async () => {
    api.simulator.permissions.deny({ operation: 'DescribeSmartAccessGateways' });
    const account = 'instances: [{ id: sag-small, region: cn-shanghai }]';
    const { code, out, err } = await once([], { account });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^sag_app_instance_up\{.*sag-small.*\} 1$/m);
  });

  it('a wrong configuration, whose values are not printed', async () => {
    const { code, out, err } = await once([], { polling: 'strategy: guess' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('polling.strategy');
  });
});

describe('the progress of once', () => {
  const ERASED = '\r\u001b[2K';

  it('is shown on a terminal and erased at the end', async () => {
    api.simulator.faults.add({ match: { operation: ONLINE }, effect: { delayMs: 100 } });
    const file = await configOf(api.url, { polling: 'strategy: fan-out, concurrency: 2' });
    const { code, out, err } = await ran(['once', `--config.file=${file}`], { isTTY: true });
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    const shown = err.split(ERASED);
    expect(shown.at(-1)).toBe('');
    expect(shown).toContainEqual(
      expect.stringMatching(/^[01] of 2 instances done; sag-\w+: online \d+ %/),
    );
    for (const line of shown) expect(line.length).toBeLessThan(80);
  });

  it('stays below log lines', async () => {
    const file = await configOf(api.url);
    const args = ['once', `--config.file=${file}`, '--log.level=info'];
    const { err } = await ran(args, { isTTY: true });
    for (const line of err.split('\n').filter((text) => text.includes('watching'))) {
      expect(line.split(ERASED).at(-1)).toMatch(/INFO.*watching the instance/);
    }
    expect(err).toContain('watching the instance');
  });
});
