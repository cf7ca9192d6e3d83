import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runningServers } from '../../../src/cli/healthcheck/running-servers.ts';
import { temporaryFolder } from '../../support/temporary-files.ts';

let folder: string;
let main: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  main = join(folder, 'app/dist/main.js');
  await mkdir(join(folder, 'app/dist'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'proc/self'), { recursive: true });
  await writeFile(main, '');
  await symlink(main, join(folder, 'bin/sag-app-exporter'));
});

/** A process as the kernel shows it. `app` and `bin` in its arguments are files in the folder. */
async function addProcess(pid: number, args: readonly string[], cwd = '/'): Promise<void> {
  const process = join(folder, 'proc', String(pid));
  await mkdir(process);
  const absolute = args.map((arg) => arg.replace(/^\/(?=app|bin)/, `${folder}/`));
  await writeFile(join(process, 'cmdline'), absolute.map((arg) => `${arg}\0`).join(''));
  await symlink(join(folder, cwd), join(process, 'cwd'));
}

const found = () => runningServers(main, join(folder, 'proc'));

describe('the servers that run here', () => {
  it.each([
    ['serve by default', [], { port: 10_313 }],
    ['serve', ['serve'], { port: 10_313 }],
    ['demo', ['demo', '--seed', '3'], { port: 10_313 }],
    ['simulate', ['simulate'], { port: 10_314 }],
    ['simulate after a flag', ['--log.level', 'debug', 'simulate'], { port: 10_314 }],
    ['one with an address', ['--web.listen-address=127.0.0.1:99'], { host: '127.0.0.1', port: 99 }],
    ['one with an address apart', ['serve', '--web.listen-address', ':99'], { port: 99 }],
    [
      'one with an address after other flags',
      [
        'serve',
        '--web.config.file',
        'web.yml',
        '--web.enable-lifecycle',
        '--web.listen-address=:9',
      ],
      { port: 9 },
    ],
    ['one with two addresses', ['--web.listen-address=:1', '--web.listen-address=:2'], { port: 1 }],
  ])('are %s', async (_which, args, address) => {
    await addProcess(7, [
      '/usr/bin/node',
      '--max-old-space-size=200',
      '/app/dist/main.js',
      ...args,
    ]);
    expect(await found()).toEqual([{ pid: 7, address }]);
  });

  it('are found under the name that npm gives the program, with paths relative to their working folder', async () => {
    await addProcess(7, ['node', '/bin/sag-app-exporter', 'demo']);
    await addProcess(8, ['node', 'dist/main.js', '--web.listen-address=:8'], 'app');
    await addProcess(9, ['/sbin/docker-init', '--', 'node', '/app/dist/main.js']);
    expect(await found()).toEqual([
      { pid: 7, address: { port: 10_313 } },
      { pid: 8, address: { port: 8 } },
      { pid: 9, address: { port: 10_313 } },
    ]);
  });

  it('are found at their first socket when systemd hands over sockets', async () => {
    const args = ['node', '/app/dist/main.js', '--web.systemd-socket'];
    await addProcess(7, args);
    await addProcess(8, args);
    const process = join(folder, 'proc/7');
    await mkdir(join(process, 'fd'));
    await mkdir(join(process, 'net'));
    await symlink('socket:[77]', join(process, 'fd/3'));
    await writeFile(
      join(process, 'net/unix'),
      'Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 00000000 00010000 0001 01 77 /run/a.sock\n',
    );
    expect(await found()).toEqual([
      { pid: 7, address: { path: '/run/a.sock' } },
      // The files of a process of another user cannot be read.
      { pid: 8, address: undefined },
    ]);
  });

  it.each([
    ['this check', ['node', '/app/dist/main.js', 'healthcheck']],
    ['another command', ['node', '/app/dist/main.js', 'once', '--config.file=serve']],
    ['wrong usage', ['node', '/app/dist/main.js', 'serve', '--web.listen-address=x']],
    ['another program', ['node', '/elsewhere/dist/main.js', 'serve']],
    ['what only names it', ['grep', 'serve', 'main.js']],
    ['a thread of the kernel', []],
  ])('are not %s', async (_which, args) => {
    await addProcess(7, args);
    expect(await found()).toEqual([]);
  });

  it('are none on systems without /proc', async () => {
    expect(await runningServers(main, join(folder, 'none'))).toEqual([]);
  });
});
