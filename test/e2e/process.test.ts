import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { DEFAULT_KEY } from '../../src/simulator/index.ts';
import {
  freePort,
  logLine,
  type Program,
  startCommand,
  startProgram,
  urlOf,
} from '../support/start-program.ts';
import { type StartedSimulator, startSimulator } from '../support/start-simulator.ts';
import { temporaryFile, temporaryFolder } from '../support/temporary-files.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const ANY_PORT = '--web.listen-address=127.0.0.1:0';
const JSON_LOG = '--log.format=json';

let api: StartedSimulator;
let config: string;
const programs: Program[] = [];

beforeEach(async () => {
  api = await startSimulator({ clock: systemClock });
  config = await temporaryFile(
    'config.yml',
    `
accounts:
  - name: a
    endpoint: ${api.url}
    regions: [cn-shanghai]
    credentials: { access_key_id: ${DEFAULT_KEY.accessKeyId}, access_key_secret: ${DEFAULT_KEY.accessKeySecret} }
`,
  );
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.end('SIGKILL');
  await api.stop();
});

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const program = startCommand(args, env);
  programs.push(program);
  return program;
}

/** Starts a command with a shell's redirections. */
function redirected(redirections: string, args: readonly string[]): Program {
  const [node = '', main = ''] = startCommand(['--version']).child.spawnargs;
  // `exec` replaces the shell, so that signals reach the command.
  const program = startProgram('sh', [
    '-c',
    `exec "$@" ${redirections}`,
    'sh',
    node,
    main,
    ...args,
  ]);
  programs.push(program);
  return program;
}

const serve = (env: Readonly<Record<string, string>> = {}): Program =>
  started([`--config.file=${config}`, ANY_PORT, JSON_LOG], env);

/** Runs code in the process before the program is loaded. */
const planted = (code: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const open = fs.promises.open;
    ${code}
    syncBuiltinESMExports();`)}`,
});

async function pipe(): Promise<string> {
  const path = join(await temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

const statusOf = async (url: string): Promise<number> => (await fetch(`${url}/metrics`)).status;

describe('SIGHUP', () => {
  it('during the start causes a reload after the start', async () => {
    const program = serve(
      planted(`fs.promises.open = (path, ...rest) => {
        if (String(path).endsWith('config.yml') && !globalThis.hungUp) {
          globalThis.hungUp = true;
          process.kill(process.pid, 'SIGHUP');
        }
        return open(path, ...rest);
      };`),
    );
    await vi.waitFor(() => logLine(program, 'the configuration is reloaded'), PATIENCE);
    expect(await statusOf(urlOf(program))).toBe(200);
    expect(await program.end()).toBe(0);
  });

  it('at the moment when serve begins to listen causes a reload', async () => {
    const program = serve(
      planted(`const write = process.stderr.write;
      process.stderr.write = (text, ...rest) => {
        if (String(text).includes('"listening"')) process.kill(process.pid, 'SIGHUP');
        return write.call(process.stderr, text, ...rest);
      };`),
    );
    await vi.waitFor(() => logLine(program, 'the configuration is reloaded'), PATIENCE);
    expect(await program.end()).toBe(0);
  });

  it('ends a command that has nothing to reload, as SIGTERM does', async () => {
    const simulate = started(['simulate', ANY_PORT, JSON_LOG]);
    await vi.waitFor(() => urlOf(simulate), PATIENCE);
    expect(await simulate.end('SIGHUP')).toBe(0);
    expect(logLine(simulate, 'stopping')).toBeDefined();

    api.simulator.faults.add({ effect: { hang: true } });
    const once = started(['once', `--config.file=${config}`]);
    await vi.waitFor(() => expect(api.simulator.requests.inFlight).toBeGreaterThan(0), PATIENCE);
    expect(await once.end('SIGHUP')).toBe(1);
    expect(once.output.stderr).toContain('once was ended before it was done');
  });
});

describe('SIGUSR1 and SIGUSR2', () => {
  it('open no inspector and end nothing', async () => {
    const program = serve();
    await vi.waitFor(() => urlOf(program), PATIENCE);
    program.child.kill('SIGUSR1');
    program.child.kill('SIGUSR2');
    expect(await statusOf(urlOf(program))).toBe(200);
    expect(await program.end()).toBe(0);
    expect(program.output.stderr).not.toContain('Debugger');
  });

  it('open no inspector while the program is being loaded', async () => {
    const program = serve(planted(`process.kill(process.pid, 'SIGUSR1');`));
    await vi.waitFor(() => urlOf(program), PATIENCE);
    const [, port] =
      /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(program.output.stderr) ?? [];
    if (port !== undefined) {
      const url = `http://127.0.0.1:${port}/json`;
      await vi.waitFor(() => expect(fetch(url)).rejects.toThrow(), PATIENCE);
    }
    expect(await program.end()).toBe(0);
  });
});

describe('variables', () => {
  it.each(['*', 'httpx*', 'sign,roa'])('DEBUG=%s prints nothing about requests', async (DEBUG) => {
    const args = ['once', `--config.file=${config}`, '--log.level=debug', JSON_LOG];
    const program = started(args, { DEBUG, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(await program.ended, program.output.stderr).toBe(0);
    expect(program.output.stderr).toContain('the variable DEBUG is ignored');
    expect(program.output.stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED is ignored');
    for (const line of program.output.stderr.trim().split('\n'))
      expect(line).toMatch(/^(\{|warning: )/);
    expect(program.output.stderr).not.toMatch(/Signature|AccessKeyId|testsecret/);
  });

  it.each([
    [{ NODE_DEBUG: 'http' }, 'NODE_DEBUG'],
    [{ NODE_OPTIONS: '--inspect=127.0.0.1:0' }, 'inspector is open'],
  ])('that Node.js has already obeyed cause a warning: %j', async (env, text) => {
    const program = serve(env);
    await vi.waitFor(() => urlOf(program), PATIENCE);
    expect(program.output.stderr).toMatch(new RegExp(`"level":"warn".*${text}`));
    expect(await program.end()).toBe(0);
  });
});

describe('warnings of Node.js about deprecated functions', () => {
  // Node.js is silent about callers in a folder node_modules. The packages in the bundle are not in such a folder.
  it.each([
    ['/metrics', 200],
    ['/metrics#a', 200],
    ['http://exporter/metrics?a=b', 200],
    ['http://[::1]:9/metrics#a', 200],
    // As with the `url.parse` of Node.js, paths are not resolved.
    ['/a/../metrics#a', 404],
    ['//metrics#a', 404],
  ])(
    'do not stand in the log after polling and a request for %s, which gets %i',
    async (path, status) => {
      const program = serve({ NODE_OPTIONS: '--pending-deprecation' });
      await vi.waitFor(() => urlOf(program), PATIENCE);
      await vi.waitFor(async () => {
        expect((await fetch(`${urlOf(program)}/-/ready`)).status).toBe(200);
      }, PATIENCE);
      const [response] = (await once(get(urlOf(program), { path }), 'response')) as [
        IncomingMessage,
      ];
      response.resume();
      expect(response.statusCode).toBe(status);
      expect(await program.end()).toBe(0);
      expect(program.output.stderr).not.toContain('Warning');
    },
  );
});

describe('a daemon whose output cannot be written keeps running', () => {
  it.each(['2>/dev/full', '2>&- >&- <&-', '>/dev/full 2>&1'])('%s', async (redirections) => {
    for (const command of [
      ['serve', `--config.file=${config}`],
      ['demo', '--simulator.listen-address=127.0.0.1:0'],
    ]) {
      const port = await freePort();
      const program = redirected(redirections, [
        ...command,
        `--web.listen-address=127.0.0.1:${port}`,
      ]);
      await vi.waitFor(
        async () => expect(await statusOf(`http://127.0.0.1:${port}`)).toBe(200),
        PATIENCE,
      );
      expect(await program.end()).toBe(0);
    }
  });

  it('also after the reader of its log has ended', async () => {
    const program = serve();
    await vi.waitFor(() => urlOf(program), PATIENCE);
    const url = urlOf(program);
    program.child.stderr?.destroy();
    program.child.kill('SIGHUP');
    await vi.waitFor(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      expect(text).toContain('sag_app_exporter_config_last_reload_successful 1');
    }, PATIENCE);
    program.child.kill('SIGHUP');
    expect(await statusOf(url)).toBe(200);
    expect(await program.end()).toBe(0);
  });
});

describe('SIGTERM ends a command that waits for a file:', () => {
  it.each([
    ['serve', 0],
    ['once', 1],
    ['check-config', 1],
  ])('%s with a pipe that nothing is written to', async (command, code) => {
    const path = await pipe();
    const program = started(
      command === 'check-config' ? [command, path] : [command, `--config.file=${path}`],
    );
    // Opening the pipe for writing succeeds once the command reads it.
    await startProgram('sh', ['-c', 'exec 3>"$0"', path]).ended;
    expect(await program.end()).toBe(code);
    expect(program.output.stderr).toBe('ended before it started\n');
  });

  it('serve, with a configuration on a file system that does not answer', async () => {
    const path = await pipe();
    const program = serve(
      planted(`fs.promises.open = (path, ...rest) => {
        if (!String(path).endsWith('config.yml')) return open(path, ...rest);
        process.stderr.write('hangs');
        return open(${JSON.stringify(path)}, 'r');
      };`),
    );
    await vi.waitFor(() => expect(program.output.stderr).toContain('hangs'), PATIENCE);
    const code = await program.end();
    // Node.js before 22.15 can only be ended by the signal.
    expect([code, program.child.signalCode]).toEqual(
      'execve' in process ? [0, null] : [null, 'SIGTERM'],
    );
  });
});
