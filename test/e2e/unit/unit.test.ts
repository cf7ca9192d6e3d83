import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Machine, startMachine } from '../../support/start-machine.ts';

const DELIVERED = fileURLToPath(new URL('../../../config/systemd/', import.meta.url));
const UNIT = 'sag-app-exporter.service';
const SOCKET = 'sag-app-exporter.socket';
/** Relative to the folder of the units: lets the service use the socket. */
const DROP_IN = `${UNIT}.d/socket.conf`;
const PATIENCE = { timeout: 60_000, interval: 500 };

let machine: Machine;
let units: string;

beforeAll(async () => {
  const root = process.env['MACHINE_ROOT'];
  if (!root) throw new Error('these tests are run by .ci/systemd');
  const at = (path: string): string => join(root, path);
  units = at('etc/systemd/system');
  mkdirSync(at('etc/sag-app-exporter'), { recursive: true });
  cpSync(join(DELIVERED, UNIT), join(units, UNIT));
  const config = readFileSync(join(DELIVERED, 'config.yml'), 'utf8');
  writeFileSync(
    at('etc/sag-app-exporter/config.yml'),
    `${config.replace('LTAIexample', 'testid')}    endpoint: http://127.0.0.1:10314\n`,
  );
  writeFileSync(at('etc/sag-app-exporter/access-key-secret'), 'testsecret\n', { mode: 0o600 });
  writeFileSync(
    join(units, 'simulator.service'),
    '[Service]\nExecStart=/usr/local/bin/sag-app-exporter simulate\n',
  );
  // Otherwise the test would wait for a minute.
  mkdirSync(join(units, `${UNIT}.d`), { recursive: true });
  writeFileSync(join(units, `${UNIT}.d/watchdog.conf`), '[Service]\nWatchdogSec=10\n');
  for (const unit of [UNIT, 'simulator.service']) {
    mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true });
    symlinkSync(`../${unit}`, join(units, 'multi-user.target.wants', unit));
  }
  machine = await startMachine(root);
});

afterAll(() => machine?.stop());

const shown = (...properties: readonly string[]) => machine.show(UNIT, ...properties);

const journal = (): string => machine.run('journalctl', '--no-pager', '--unit', UNIT).stdout;

/** Until the service manager has been told that it is up. */
async function untilActive(restarts: string): Promise<void> {
  await vi.waitFor(() => {
    expect(shown('ActiveState', 'NRestarts'), journal()).toEqual({
      ActiveState: 'active',
      NRestarts: restarts,
    });
  }, PATIENCE);
}

const metrics = (): string => machine.curl('http://127.0.0.1:10313/metrics').stdout;

describe('the systemd unit', () => {
  it('passes systemd-analyze, with a low exposure level', () => {
    const file = `/etc/systemd/system/${UNIT}`;
    expect(machine.run('systemd-analyze', 'verify', '--man=no', file)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    // The exposure level in tenths, from 0 to 100.
    const security = ['security', '--offline=true', '--no-pager', '--threshold=15', file];
    const { status, stdout } = machine.run('systemd-analyze', ...security);
    expect(status, stdout).toBe(0);
  });

  it('is active when the exporter reports ready, and runs as a dynamic user', async () => {
    await untilActive('0');
    const { StatusText, MainPID = '' } = shown('StatusText', 'MainPID');
    expect(StatusText).toBe('Listening on [::]:10313');
    const uid = Number(machine.run('stat', '--format=%u', `/proc/${MainPID}`).stdout);
    // The range of user ids for DynamicUser.
    expect(uid).toBeGreaterThanOrEqual(61_184);
    expect(uid).toBeLessThanOrEqual(65_519);
  });

  it('polls with the key from LoadCredential', async () => {
    await vi.waitFor(
      () => expect(metrics()).toMatch(/^sag_app_users\{account="prod",.*\} [1-9]\d*$/m),
      PATIENCE,
    );
    expect(metrics()).toContain('sag_app_account_up{account="prod"} 1');
    expect(journal()).not.toContain('testsecret');
  });

  it('keeps its state over a restart, where only its own user can read it', async () => {
    const watchedSince = (): readonly string[] =>
      (metrics().match(/^sag_app_watched_since_timestamp_seconds\{.*$/gm) ?? []).sort();
    await vi.waitFor(() => expect(watchedSince()).not.toEqual([]), PATIENCE);
    const before = watchedSince();
    expect(machine.run('systemctl', 'restart', UNIT)).toMatchObject({ status: 0 });
    await vi.waitFor(() => expect(watchedSince()).toEqual(before), PATIENCE);
    await vi.waitFor(
      () => expect(metrics()).toMatch(/^sag_app_exporter_storage_last_write_successful 1$/m),
      PATIENCE,
    );
    const folder = '/var/lib/private/sag-app-exporter';
    const { MainPID = '' } = shown('MainPID');
    const { stdout: uid } = machine.run('stat', '--format=%u', `/proc/${MainPID}`);
    const modes = machine.run('find', folder, '-mindepth', '1', '-printf', '%y %m %U\\n').stdout;
    expect(machine.run('stat', '--format=%a %u', folder).stdout).toBe(`700 ${uid}`);
    expect(modes).toContain(`f 600 ${uid}`);
    expect(modes.match(/^[fd] \d+ \d+$/gm)?.filter((line) => !/ [67]00 /.test(line))).toEqual([]);
  });

  it('reloads', async () => {
    const { MainPID: before } = shown('MainPID');
    expect(machine.run('systemctl', 'reload', UNIT)).toMatchObject({ status: 0 });
    await vi.waitFor(() => expect(journal()).toContain('the configuration is reloaded'), PATIENCE);
    expect(shown('MainPID')).toEqual({ MainPID: before });
  });

  it('is restarted when its event loop blocks', async () => {
    const { MainPID = '' } = shown('MainPID');
    machine.run('sh', '-c', `kill -STOP ${MainPID}`);
    await untilActive('1');
    expect(journal()).toContain('Watchdog timeout');
  });

  it('stops cleanly', async () => {
    expect(machine.run('systemctl', 'stop', UNIT)).toMatchObject({ status: 0 });
    expect(shown('ActiveState', 'Result', 'ExecMainStatus')).toEqual({
      ActiveState: 'inactive',
      Result: 'success',
      ExecMainStatus: '0',
    });
  });
});

describe('the systemd unit with the socket unit', () => {
  const systemctl = (...args: readonly string[]): void =>
    expect(machine.run('systemctl', ...args)).toMatchObject({ status: 0 });

  /** Status codes of requests one after the other, each on a new connection. */
  const statuses = (requests: number): readonly string[] => {
    const url = `http://127.0.0.1:10313/-/healthy?[1-${requests}]`;
    const { stdout, stderr } = machine.curl(
      ...['--header', 'Connection: close', '--output', '/dev/null'],
      ...['--write-out', '%{http_code}\\n', url],
    );
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  it('listens on the socket of systemd', async () => {
    cpSync(join(DELIVERED, SOCKET), join(units, SOCKET));
    cpSync(join(DELIVERED, DROP_IN), join(units, DROP_IN));
    expect(
      machine.run('systemd-analyze', 'verify', '--man=no', `/etc/systemd/system/${SOCKET}`),
    ).toEqual({ status: 0, stdout: '', stderr: '' });
    // While the service has the port, systemd cannot open it.
    systemctl('stop', UNIT);
    systemctl('daemon-reload');
    systemctl('enable', '--now', SOCKET);
    systemctl('start', UNIT);
    await untilActive('0');
    expect(shown('StatusText')).toEqual({ StatusText: 'Listening on [::]:10313' });
    expect(statuses(1)).toEqual(['200']);
    expect(shown('TriggeredBy')).toEqual({ TriggeredBy: SOCKET });
  });

  it('listens on another socket too after a restart of the socket unit', async () => {
    mkdirSync(join(units, `${SOCKET}.d`));
    writeFileSync(
      join(units, `${SOCKET}.d/more.conf`),
      '[Socket]\nListenStream=/run/sag-app-exporter.sock\n',
    );
    systemctl('daemon-reload');
    systemctl('restart', SOCKET);
    await vi.waitFor(
      () =>
        expect(shown('StatusText')).toEqual({
          StatusText: 'Listening on [::]:10313, unix:/run/sag-app-exporter.sock',
        }),
      PATIENCE,
    );
    expect(statuses(1)).toEqual(['200']);
  });

  it('is found by healthcheck', () => {
    systemctl('stop', 'simulator.service');
    expect(machine.run('sag-app-exporter', 'healthcheck')).toEqual({
      status: 0,
      stdout: 'healthy: [::1]:10313 answers HTTP 200\n',
      stderr: '',
    });
  });

  it('loses no request while it restarts', () => {
    const { MainPID: before } = shown('MainPID');
    systemctl('restart', '--no-block', UNIT);
    const all = new Set<string>();
    let state = shown('MainPID', 'ActiveState');
    while (state['MainPID'] === before || state['ActiveState'] !== 'active') {
      for (const status of statuses(20)) all.add(status);
      state = shown('MainPID', 'ActiveState');
    }
    expect([...all]).toEqual(['200']);
  });

  it('is started by a request after it was stopped', async () => {
    systemctl('stop', UNIT);
    expect(statuses(1)).toEqual(['200']);
    await untilActive('0');
  });

  it('stays stopped when both units are stopped', () => {
    systemctl('stop', SOCKET, UNIT);
    expect(machine.curl('http://127.0.0.1:10313/').stderr).toMatch(/connect/i);
    expect(shown('ActiveState', 'Result')).toEqual({ ActiveState: 'inactive', Result: 'success' });
  });
});
