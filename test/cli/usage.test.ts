import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/run.ts';
import { FakeHost } from '../support/fake-host.ts';

async function ran(...args: readonly string[]) {
  const host = new FakeHost();
  const code = await run(args, host);
  return { code, out: host.out, err: host.err };
}

const { version } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const COMMON = ['--version', '--help', '--log.level', '--log.format'];
const WEB = [
  '--web.listen-address',
  '--web.telemetry-path',
  '--web.max-requests',
  '--web.config.file',
  '--web.enable-lifecycle',
];
const SIMULATOR_FLAGS = [
  '--scenario.file',
  '--scenario.speed',
  '--seed',
  '--quirks',
  '--control.listen-address',
];
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  serve: ['--config.file <file>', ...WEB, '--storage.path <directory>'],
  demo: [...WEB, '--simulator.listen-address', ...SIMULATOR_FLAGS],
  simulate: ['--web.listen-address', ...SIMULATOR_FLAGS],
  'simulate-control': ['--control.url'],
  healthcheck: ['--web.listen-address'],
  'check-config': [],
  help: [],
  plan: ['--config.file <file>', '--json'],
  doctor: ['--config.file <file>', '--report'],
  once: ['--config.file <file>', '--output'],
  instances: ['--config.file <file>', '--json'],
  users: ['--config.file <file>', '--storage.path <directory>', '--unused-for', '--json', '--csv'],
  sessions: ['--config.file <file>', '--json', '--csv'],
  history: [
    '--storage.path <directory>',
    '--config.file <file>',
    '--instance <instance>',
    '--user <name>',
    '--at <time>',
    '--from <time>',
    '--to <time>',
    '--json',
    '--csv',
  ],
  'create-user': [
    '--config.file <file>',
    '--user-mail',
    '--user-name',
    '--password-stdin',
    '--bandwidth',
    '--client-ip',
  ],
};

/** The flags of every command in the table; FLAGS need not name a new command. */
const FLAGS_OF = COMMANDS.map(
  ({ name, options = [] }) => [name, FLAGS[name] ?? options.map(({ flags }) => flags)] as const,
);

describe('--version', () => {
  it.each([[[]], [['serve']], [['demo']], [['simulate']], [['check-config']]])(
    'is printed to stdout, also behind a command: %j',
    async (command) => {
      expect(await ran(...command, '--version')).toEqual({
        code: 0,
        out: `sag-app-exporter ${version}, Node.js v20.0.0\n`,
        err: '',
      });
    },
  );

  it('names the commit if the build recorded it', async () => {
    const host = new FakeHost({ SAG_APP_EXPORTER_REVISION: 'abc123' });
    await run(['--version'], host);
    expect(host.out).toBe(`sag-app-exporter ${version} (abc123), Node.js v20.0.0\n`);
  });
});

describe('--help', () => {
  it('lists every command and the flags of all', async () => {
    const { code, out, err } = await ran('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const word of [...FLAGS_OF.map(([name]) => name), ...COMMON]) expect(out).toContain(word);
  });

  it.each(FLAGS_OF)('of %s lists its flags', async (command, flags) => {
    const { code, out, err } = await ran(command, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const flag of [...flags, ...COMMON]) expect(out).toContain(flag);
    const others = FLAGS_OF.flatMap(([, all]) => all).filter((flag) => !flags.includes(flag));
    for (const flag of others) expect(out).not.toContain(flag);
    expect(out).toMatch(/\nExit codes:\n {2}0 {2}done\n {2}1 {2}.{6,}\n {2}2 {2}wrong usage/);
    expect(out).not.toMatch(/\n {2}1 {2}failed\n/);
  });

  it.each([
    [['-h'], ['--help']],
    [
      ['once', '-h'],
      ['once', '--help'],
    ],
    [['help'], ['--help']],
    [
      ['help', 'once'],
      ['once', '--help'],
    ],
  ])('is printed by %j as well as by %j', async (args, long) => {
    const printed = await ran(...args);
    expect(printed).toEqual(await ran(...long));
    expect(printed).toMatchObject({ code: 0, out: expect.stringContaining('Usage:'), err: '' });
  });

  it('names the default addresses', async () => {
    expect((await ran('serve', '--help')).out).toContain('(default: :10313)');
    expect((await ran('simulate', '--help')).out).toContain('(default: :10314)');
  });
});

describe('wrong usage', () => {
  it.each([
    [['--nope'], "unknown option '--nope'"],
    [['serve', '--nope'], "unknown option '--nope'"],
    [['simulate', '--config.file=x'], "unknown option '--config.file=x'"],
    [['bogus'], "unknown command 'bogus'"],
    [['bogus', '--log.level=debug'], "unknown command 'bogus'"],
    [['help', 'bogus'], "unknown command 'bogus'"],
    [['help', 'once', 'more'], "too many arguments for 'help'"],
    [['demo', 'more'], "too many arguments for 'demo'"],
    [['check-config'], "missing required argument 'file'"],
    [['--log.level=loud'], 'Allowed choices are debug, info, warn, error'],
    [['serve', '--log.format=xml'], 'Allowed choices are json, logfmt, pretty'],
    [['--web.listen-address=10313'], 'expected a listen address such as :10313'],
    [['demo', '--simulator.listen-address=:70000'], 'expected a listen address such as :10313'],
    [['--config.file'], 'argument missing'],
    [['--storage.path='], 'Expected a directory'],
    [['--web.max-requests=0'], 'Expected a whole number from 1 up'],
    [['--web.max-requests=many'], 'Expected a whole number from 1 up'],
    [['once', '--output'], 'argument missing'],
    [['users'], "missing required argument 'instance'"],
    [['users', 'sag-a', '--unused-for=0d'], 'Expected a duration above 0 such as 90d'],
    [['users', 'sag-a', '--unused-for=3 months'], 'Expected a duration above 0 such as 90d'],
    [['users', 'sag-a', '--unused-for=90d'], '--unused-for needs --storage.path'],
    [['users', ' '], 'Expected the id or name of an instance'],
    [['users', 'sag-a', 'sag-b'], "too many arguments for 'users'"],
    [['instances', 'more'], "too many arguments for 'instances'"],
    [['sessions'], "missing required argument 'instance'"],
    [['sessions', 'sag-a', 'name', 'more'], "too many arguments for 'sessions'"],
    [
      ['sessions', 'sag-a', '--json', '--csv'],
      "option '--csv' cannot be used with option '--json'",
    ],
    [['create-user'], "missing required argument 'instance'"],
    [['doctor', 'more'], "too many arguments for 'doctor'"],
    [['simulate', '--seed=one'], 'Expected a whole number'],
    [['simulate', '--seed=-1'], 'Expected a whole number'],
    [['simulate', '--scenario.speed=0'], 'Expected a number above 0'],
    [['demo', '--scenario.speed=1.2.3'], 'Expected a number above 0'],
    [['demo', '--control.listen-address=x'], 'expected a listen address such as'],
    [['simulate-control', '--control.url=localhost'], 'Expected a URL such as'],
    [['simulate-control', 'kick', 'instance'], 'expected key=value; got instance'],
    [['simulate-control', 'kick', 'instance=[a'], 'expected YAML behind instance='],
    [['simulate-control', 'users'], 'expected users instance=INSTANCE_ID'],
    ...['metrics', '', '/-/metrics', '//elsewhere', '/a b', '/a?b', '/:a'].map(
      (path): [string[], string] => [
        [`--web.telemetry-path=${path}`],
        'Expected a path such as /metrics',
      ],
    ),
  ])('exits with 2 and a message: %j', async (args, message) => {
    const { code, out, err } = await ran(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('the log flags', () => {
  const simulate = ['simulate', '--web.listen-address=127.0.0.1:0'];

  /** Runs the simulator, which ends at once. */
  async function logOf(args: readonly string[], options: { isTTY?: boolean } = {}) {
    const host = new FakeHost({}, options);
    host.end();
    expect(await run(args, host)).toBe(0);
    return host;
  }

  it('are accepted before and after the command', async () => {
    expect((await logOf(simulate)).log).not.toEqual([]);
    expect((await logOf(['--log.level=error', ...simulate])).err).toBe('');
    expect((await logOf([...simulate, '--log.level=error'])).err).toBe('');
    expect((await logOf([...simulate, '--log.level', 'error'])).err).toBe('');
  });

  it('choose lines of JSON or of text; text is the default on a terminal', async () => {
    expect((await logOf([...simulate, '--log.format=pretty'])).log).toEqual([]);
    expect((await logOf(simulate, { isTTY: true })).log).toEqual([]);
    expect((await logOf([...simulate, '--log.format=json'], { isTTY: true })).log).not.toEqual([]);
  });
});

describe('a flag that is given twice', () => {
  it.each([
    [['serve', '--config.file=a.yml', '--config.file=b.yml'], '--config.file'],
    [['--log.level=debug', 'plan', '--log.level=info'], '--log.level'],
    [['demo', '--web.config.file=a', '--web.config.file', 'a'], '--web.config.file'],
    [['demo', '--web.enable-lifecycle', '--web.enable-lifecycle'], '--web.enable-lifecycle'],
    [['simulate', '--seed=1', '--seed=1'], '--seed'],
    [['healthcheck', '--web.listen-address=:1', '--web.listen-address=:2'], '--web.listen-address'],
    [['users', 'sag-1', '--json', '--json'], '--json'],
  ])('is refused: %j', async (args, flag) => {
    expect(await ran(...args)).toEqual({
      code: 2,
      out: '',
      err: `error: ${flag} is given twice\n`,
    });
  });
});
