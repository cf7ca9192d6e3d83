import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { writeHistory } from '../../cli/history/stored-files.ts';
import { logLine, type Program, startProgram, urlOf } from '../../support/start-program.ts';
import { installed } from './installed.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const INSTANCE = 'sag-3x6c9v2b5n8m1z4k';
const ADDRESS = '--web.listen-address=127.0.0.1:0';

let folder: string;
let simulate: Program;
let serve: Program;
let config: string;
let serveAddress: string;
let controlUrl: string;

function start(...args: readonly string[]): Program {
  return startProgram(installed('.bin/sag-app-exporter'), [...args, '--log.format=json']);
}

/** Runs a command of the installed package to its end. */
async function run(...args: readonly string[]) {
  const child = spawn(installed('.bin/sag-app-exporter'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'exit');
  const [stdout, stderr] = await output;
  return { status, stdout, stderr };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commands-'));
  simulate = start('simulate', ADDRESS, '--control.listen-address=127.0.0.1:0');
  const endpoint = await vi.waitFor(() => urlOf(simulate), PATIENCE);
  controlUrl = `http://${String(logLine(simulate, 'control API listening')['control_address'])}`;
  const file = join(folder, 'config.yml');
  writeFileSync(
    file,
    `accounts:
  - name: simulator
    endpoint: ${endpoint}
    credentials: { access_key_id: testid, access_key_secret: testsecret }
    regions: [cn-shanghai, ap-southeast-1]
polling: { requests_per_second: 100 }
history: { enabled: true }
`,
  );
  config = `--config.file=${file}`;
  await writeHistory(join(folder, 'audit'), {
    '2024-11-28': [['li.wei', '10.0.0.1', '08:00:00', '10:00:00']],
  });
  serve = start('serve', ADDRESS, config, `--storage.path=${join(folder, 'state')}`);
  const url = await vi.waitFor(() => urlOf(serve), PATIENCE);
  serveAddress = new URL(url).host;
  await vi.waitFor(async () => {
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  }, PATIENCE);
});

afterAll(async () => {
  await Promise.all([serve.end(), simulate.end()]);
});

/** What each command prints when it is run from the installed package; the daemons run already. */
const RUNS: Readonly<Record<string, readonly [args: () => readonly string[], prints: RegExp]>> = {
  'simulate-control': [() => ['state', `--control.url=${controlUrl}`], /instances/],
  healthcheck: [() => [`--web.listen-address=${serveAddress}`], /^healthy: /],
  'check-config': [() => [join(folder, 'config.yml')], /config\.yml: valid/],
  plan: [() => [config], /DescribeSmartAccessGatewayClientUsers/],
  doctor: [() => [config], /cn-shanghai/],
  once: [() => [config], /^sag_app_users\{/m],
  instances: [() => [config], /sag-3x6c9v2b5n8m1z4k/],
  users: [() => [INSTANCE, config], /^USER {2,}MAIL/m],
  sessions: [() => [INSTANCE, config], /^USER {2,}|^No user is online\.$/m],
  history: [
    () => [`--storage.path=${join(folder, 'audit')}`, '--at=2024-11-28T09:45:00Z'],
    /li\.wei {2,}10\.0\.0\.1/,
  ],
  'create-user': [() => [INSTANCE, config, '--user-mail=new.user@example.com'], /was created on/],
  help: [() => [], /Usage/],
};

it('is run for every command', () => {
  const daemons = COMMANDS.filter(({ isDaemon }) => isDaemon).map(({ name }) => name);
  expect([...daemons, ...Object.keys(RUNS)].sort()).toEqual(
    COMMANDS.map(({ name }) => name).sort(),
  );
});

it.each(Object.entries(RUNS))('the installed %s works', async (name, [args, prints]) => {
  const { status, stdout, stderr } = await run(name, ...args());
  // `history` and `doctor` say on stderr how far their answer reaches.
  expect(stderr).not.toMatch(/error|defect/i);
  expect(stdout).toMatch(prints);
  expect(status).toBe(0);
});
