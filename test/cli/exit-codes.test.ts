import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../src/cli/process/host.ts';
import { run } from '../../src/cli/run.ts';
import { systemClock } from '../../src/clock.ts';
import { FakeHost } from '../support/fake-host.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';
import { writeHistory } from './history/stored-files.ts';
import { configOf, MARKED_KEY } from './one-shot.ts';

/** A moment at which `stored` has a history. */
const AT = '--at=2024-11-28T12:00:00Z';
const ANY_PORT = '--web.listen-address=127.0.0.1:0';

let api: StartedSimulator;
let simulate: FakeHost;
let simulating: Promise<number>;
/** A valid configuration, one whose endpoint refuses connections, and a wrong one. */
let good: string;
let alone: string;
let wrong: string;
let taken: string;
let control: string;
/** A storage directory. */
let stored: string;

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock, keys: [MARKED_KEY] });
  good = `--config.file=${await configOf(api.url)}`;
  alone = `--config.file=${await configOf('http://127.0.0.1:9')}`;
  wrong = await temporaryFile('wrong.yml', 'polling: { page_size: 0 }\n');
  taken = `=${new URL(api.url).host}`;
  const storage = await temporaryFolder();
  await writeHistory(storage, { '2024-11-28': [] });
  stored = `--storage.path=${storage}`;
  simulate = new FakeHost();
  simulating = run(['simulate', ANY_PORT, '--control.listen-address=127.0.0.1:0'], simulate);
  control = await vi.waitFor(() => {
    const line = simulate.log.find((one) => 'control_address' in one);
    if (!line) throw new Error('no control API yet');
    return `--control.url=http://${String(line['control_address'])}`;
  });
});

afterEach(async () => {
  simulate.end();
  await simulating;
  await api.stop();
});

const NEW_USER = ['--user-mail=new@example.com', '--bandwidth=1000'];

/** Arguments that end with 0, with 1 and with 2; daemons are ended at once. */
const COMMANDS: Readonly<Record<string, () => readonly (readonly string[])[]>> = {
  serve: () => [
    [good, ANY_PORT],
    [good, `--web.listen-address${taken}`],
    [good, '--web.listen-address=nowhere'],
  ],
  demo: () => [
    [ANY_PORT, '--simulator.listen-address=127.0.0.1:0'],
    [ANY_PORT, `--simulator.listen-address${taken}`],
    ['--seed=x'],
  ],
  simulate: () => [[ANY_PORT], [`--web.listen-address${taken}`], ['--seed=x']],
  'simulate-control': () => [
    ['state', control],
    ['state', '--control.url=http://127.0.0.1:9'],
    ['state', 'instance', control],
  ],
  healthcheck: () => [
    [`--web.listen-address${taken}`],
    ['--web.listen-address=127.0.0.1:9'],
    ['--web.listen-address=nowhere'],
  ],
  'check-config': () => [[good.replace('--config.file=', '')], [wrong], []],
  plan: () => [[good], [alone], [good, '--yaml']],
  doctor: () => [[good], [alone], [good, 'more']],
  once: () => [[good], [alone], [good, '--output']],
  instances: () => [[good], [alone], [good, 'more']],
  users: () => [['sag-small', good], ['sag-none', good], [good]],
  sessions: () => [['sag-small', good], ['sag-none', good], [good]],
  history: () => [[AT, stored], [AT, `--storage.path=${wrong}`], [AT]],
  'create-user': () => [
    ['sag-small', ...NEW_USER, good],
    ['sag-none', ...NEW_USER, good],
    ['sag-small', '--bandwidth=0', good],
  ],
};

it('every command is tried', async () => {
  const host = new FakeHost();
  await run(['--help'], host);
  const named = Array.from(host.out.matchAll(/^ {2}([a-z][\w-]*)(?=[ |])/gm), ([, name]) => name);
  // `help` prints what `--help` prints, and has nothing in which it could fail.
  expect([...Object.keys(COMMANDS), 'help'].sort()).toEqual(named.sort());
});

describe.each(Object.keys(COMMANDS))('%s', (command) => {
  it.each([
    ['done', 0],
    ['failed', 1],
    ['usage', 2],
  ] as const)('ends with the code of %s', { timeout: 60_000 }, async (meaning, code) => {
    const args = COMMANDS[command]?.()[code] ?? [];
    const host = new FakeHost();
    // A command that is ended while it starts ends with 0, so failing commands must not be ended.
    if (code === 0 && ['serve', 'demo', 'simulate'].includes(command)) host.end();
    expect(await run([command, ...args, '--log.level=error'], host)).toBe(EXIT[meaning]);
    // The reason is printed, for scripts and logs.
    if (code > 0) expect(host.err + (command === 'doctor' ? host.out : '')).not.toBe('');
    if (code === 2) expect(host.out).toBe('');
  });
});

it.each(['serve', 'plan', 'doctor', 'once', 'instances', 'users', 'sessions', 'create-user'])(
  '%s ends with 1 when the configuration is wrong',
  async (command) => {
    const [args = []] = COMMANDS[command]?.() ?? [];
    const host = new FakeHost();
    const usedArgs = args.map((arg) => (arg === good ? `--config.file=${wrong}` : arg));
    expect(await run([command, ...usedArgs], host)).toBe(EXIT.failed);
    expect(host.err).toContain('wrong.yml:1:12: polling.page_size: expected');
  },
);
