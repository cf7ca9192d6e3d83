import { getEventListeners } from 'node:events';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { systemClock } from '../../src/clock.ts';
import { ask } from '../support/ask.ts';
import { FakeHost } from '../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFolder } from '../support/temporary-files.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

let api: StartedSimulator;
let host: FakeHost;
let running: Promise<number>;
let file: string;
let webFile: string;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock });
  const folder = await temporaryFolder();
  file = join(folder, 'config.yml');
  webFile = join(folder, 'web.yml');
  await writeFile(webFile, '');
  await writeFile(file, fileWith());
});

afterEach(async () => {
  host.end();
  expect(await running).toBe(0);
  expect(host.hangupListeners).toBe(0);
  await api.stop();
});

const fileWith = (polling = ''): string => `
accounts:
  - name: test
    endpoint: ${api.url}
    regions: [cn-shanghai, ap-southeast-1]
    credentials: { access_key_id: testid, access_key_secret: testsecret }
polling: { requests_per_second: 1000, adaptive: false, ${polling} }
`;
const INVALID_FILE = 'polling: { page_size: 0, timeout: soon }\n';

async function start(...flags: readonly string[]): Promise<void> {
  host = new FakeHost();
  running = run([`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', ...flags], host);
  await vi.waitFor(
    async () => expect((await ask(`${host.url}/-/ready`)).status).toBe(200),
    PATIENCE,
  );
}

const post = () => ask(`${host.url}/-/reload`, { method: 'POST' });
const metrics = async (): Promise<string> => (await ask(`${host.url}/metrics`)).body;
const logged = (text: string) => host.log.filter(({ msg }) => String(msg).includes(text));

const SUCCESSFUL = 'sag_app_exporter_config_last_reload_successful';
const WHEN = 'sag_app_exporter_config_last_reload_success_timestamp_seconds';
const own = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec(await metrics())?.[1]);

/** Names and labels of the series of the fleet, without the exporter's own metrics. */
async function series(): Promise<readonly string[]> {
  return (await metrics())
    .split('\n')
    .filter((line) => line.startsWith('sag_app_') && !line.startsWith('sag_app_exporter_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .sort();
}

describe('POST /-/reload', () => {
  it('is forbidden unless it is enabled', async () => {
    await start();
    await writeFile(file, INVALID_FILE);
    const answer = await post();
    expect(answer).toMatchObject({
      status: 403,
      body: 'Reloading by HTTP is not enabled (--web.enable-lifecycle)\n',
    });
    expect(await own(SUCCESSFUL)).toBe(1);
  });

  it('is refused by GET', async () => {
    await start('--web.enable-lifecycle');
    const answer = await ask(`${host.url}/-/reload`);
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST, PUT' } });
    expect(logged('reloaded')).toEqual([]);
  });

  it('puts a valid file into force, and keeps the old configuration when the file is invalid', async () => {
    await start('--web.enable-lifecycle');
    const loaded = await own(WHEN);
    await writeFile(file, INVALID_FILE);
    const refused = await post();
    expect(refused.status).toBe(500);
    expect(refused.body.split('\n')).toEqual([
      'Not reloaded:',
      expect.stringMatching(/config\.yml:1:12: polling\.page_size: expected .*; got 0/),
      expect.stringMatching(/config\.yml:1:26: polling\.timeout: expected .*; got "soon"/),
      '',
    ]);
    expect(await own(SUCCESSFUL)).toBe(0);
    expect(await own(WHEN)).toBe(loaded);
    expect(logged('is not reloaded')).toMatchObject([
      { level: 'error', problems: [expect.any(String), expect.any(String)] },
    ]);
    expect((await series()).join('\n')).toContain('sag-small');

    await writeFile(file, fileWith().replace('regions: [cn-shanghai, ', 'regions: ['));
    expect(await post()).toMatchObject({ status: 200, body: 'Reloaded\n' });
    expect(await own(SUCCESSFUL)).toBe(1);
    expect(await own(WHEN)).toBeGreaterThan(loaded);
    expect((await series()).join('\n')).not.toContain('sag-small');
    expect(logged('is reloaded')).toMatchObject([{ changed: ['test'], added: [], removed: [] }]);
    expect(host.err).not.toContain('testsecret');
  });

  it('refuses an empty file and keeps all series; metrics, log and status page say so', async () => {
    await start('--web.enable-lifecycle');
    const before = await series();
    await writeFile(file, '');
    const refused = await post();
    expect(refused).toMatchObject({ status: 500 });
    expect(refused.body).toMatch(
      /^Not reloaded:\n.*config\.yml:1:1: expected a file with settings, as before/,
    );
    expect(await own(SUCCESSFUL)).toBe(0);
    expect(logged('is not reloaded')).toMatchObject([
      { problems: [expect.stringContaining('expected a file with settings')] },
    ]);
    expect((await ask(`${host.url}/api/v1/status`)).body).toContain(
      'expected a file with settings',
    );
    expect(await series()).toEqual(expect.arrayContaining([...before]));
    await writeFile(file, fileWith());
    expect((await post()).status).toBe(200);
    expect(await own(SUCCESSFUL)).toBe(1);
  });

  it('refuses a history when the exporter was started without a directory for it', async () => {
    await start('--web.enable-lifecycle');
    await writeFile(file, `${fileWith()}history: { enabled: true }\n`);
    const refused = await post();
    expect(refused.status).toBe(500);
    expect(refused.body).toMatch(
      /config\.yml:8:12: history\.enabled: expected false, or a start with the flag --storage\.path=DIRECTORY/,
    );
    expect(await own(SUCCESSFUL)).toBe(0);
  });

  it('is refused for an invalid web configuration too, with the problems of both files', async () => {
    await start('--web.enable-lifecycle', `--web.config.file=${webFile}`);
    await writeFile(webFile, 'basic_auth_user: {}');
    const one = await post();
    expect(one.status).toBe(500);
    expect(one.body).toContain('web.yml:1:1: basic_auth_user: expected a known key');
    await writeFile(file, INVALID_FILE);
    const both = await post();
    expect(both.body).toContain('web.yml:1:1: basic_auth_user: expected a known key');
    expect(both.body).toContain('polling.timeout');
    await writeFile(webFile, '');
    await writeFile(file, fileWith());
    expect((await post()).status).toBe(200);
  });
});

describe('without being asked by HTTP', () => {
  it('SIGHUP reloads', async () => {
    await start();
    await writeFile(file, fileWith().replace('name: test', 'name: renamed'));
    host.hangUp();
    await vi.waitFor(() => expect(logged('is reloaded')).toHaveLength(1), PATIENCE);
    expect(await metrics()).toContain('sag_app_account_up{account="renamed"}');
    expect(await metrics()).not.toContain('account="test"');
    await writeFile(file, INVALID_FILE);
    host.hangUp();
    await vi.waitFor(() => expect(logged('is not reloaded')).toHaveLength(1), PATIENCE);
    expect(await own(SUCCESSFUL)).toBe(0);
    expect(await metrics()).toContain('sag_app_account_up{account="renamed"}');
  });

  it('a changed ConfigMap of Kubernetes is noticed, and remaining instances keep their data', async () => {
    // The links are those of the kubelet: config.yml -> ..data/config.yml, ..data -> a folder by time.
    const folder = await temporaryFolder();
    const fill = async (version: string, text: string): Promise<void> => {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'config.yml'), text);
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await fill('..2026_01', fileWith());
    file = join(folder, 'config.yml');
    await symlink(join('..data', 'config.yml'), file);
    await start();
    const before = await series();
    await fill('..2026_02', INVALID_FILE);
    await vi.waitFor(() => expect(logged('is not reloaded')).toHaveLength(1), PATIENCE);
    expect(await own(SUCCESSFUL)).toBe(0);
    expect(await series()).toEqual(expect.arrayContaining([...before]));
    await fill('..2026_03', fileWith('page_size: 10'));
    await vi.waitFor(() => expect(logged('is reloaded')).toHaveLength(1), PATIENCE);
    expect(await own(SUCCESSFUL)).toBe(1);
    expect(await series()).toEqual(expect.arrayContaining([...before]));
  });

  it('a changed file is noticed', async () => {
    await start();
    await writeFile(file, fileWith().replace('name: test', 'name: renamed'));
    await vi.waitFor(() => expect(logged('is reloaded')).toHaveLength(1), PATIENCE);
    expect(await metrics()).toContain('sag_app_account_up{account="renamed"}');
  });
});

describe('a hundred reloads during scrapes, half of them of an invalid file', () => {
  it('fail no scrape, lose no series, leave nothing behind', { timeout: 120_000 }, async () => {
    await start('--web.enable-lifecycle', `--web.config.file=${webFile}`);
    const whole = await vi.waitFor(async () => {
      const all = await series();
      expect(all.filter((name) => name.startsWith('sag_app_user_session_start'))).toHaveLength(5);
      return all;
    }, PATIENCE);
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = { timers: timers(), listeners: getEventListeners(host.ending, 'abort').length };

    let reloading = true;
    let scrapes = 0;
    const scraping = (async () => {
      while (reloading) {
        expect(await series()).toEqual(expect.arrayContaining([...whole]));
        scrapes++;
      }
    })();
    for (let each = 0; each < 100; each++) {
      const isGood = each % 2 === 0;
      await writeFile(file, isGood ? fileWith(`users_interval: ${each + 10}s`) : INVALID_FILE);
      expect((await post()).status).toBe(isGood ? 200 : 500);
      expect(await own(SUCCESSFUL)).toBe(isGood ? 1 : 0);
    }
    reloading = false;
    await scraping;
    expect(scrapes).toBeGreaterThan(20);
    expect(logged('is reloaded').length).toBeGreaterThanOrEqual(50);

    await writeFile(file, fileWith());
    expect((await post()).status).toBe(200);
    await vi.waitFor(async () => {
      expect(await series()).toEqual(whole);
      expect(timers()).toBeLessThanOrEqual(before.timers + 3);
    }, PATIENCE);
    expect(getEventListeners(host.ending, 'abort')).toHaveLength(before.listeners);
    expect(host.hangupListeners).toBe(1);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});
