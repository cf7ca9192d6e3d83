import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { ListenAddress } from '../../web/server/listen-address.ts';
import { type SocketAddress, socketOf } from '../../web/server/open-sockets.ts';
import {
  COMMON_OPTIONS,
  DEFAULT_ADDRESSES,
  listenAddressesOption,
  SYSTEMD_SOCKET,
} from '../flags.ts';
import { FIRST_INHERITED_FD } from '../serve/inherited-sockets.ts';

/** A running process of `serve`, `demo` or `simulate`. */
export interface RunningServer {
  readonly pid: number;
  /**
   * The first address among its arguments, else the default; with --web.systemd-socket, the address of its first
   * socket. Undefined if that address cannot be read, as for a process of another user.
   */
  readonly address: SocketAddress | undefined;
}

/**
 * Finds running processes of `serve`, `demo` and `simulate` by their arguments in /proc. Finds none on a
 * system without /proc.
 *
 * @param main path of main.js
 * @param proc mount point of the proc file system
 */
export async function runningServers(
  main: string,
  proc = '/proc',
): Promise<readonly RunningServer[]> {
  const self = await realpath(main).catch(() => main);
  const entries = await readdir(proc).catch(() => []);
  const servers: RunningServer[] = [];
  for (const pid of entries.filter((name) => /^\d+$/.test(name)).map(Number)) {
    const folder = join(proc, String(pid));
    const args = await argsOf(folder, self);
    const target = args && targetOf(args);
    if (!target) continue;
    const address =
      target === 'systemd' ? (await socketOf(FIRST_INHERITED_FD, folder))?.address : target;
    servers.push({ pid, address });
  }
  return servers;
}

/** The arguments of a process after main.js; undefined if it runs another program or has ended. */
async function argsOf(folder: string, main: string): Promise<readonly string[] | undefined> {
  const args = (await readFile(join(folder, 'cmdline'), 'utf8').catch(() => '')).split('\0');
  // A zero byte follows each argument, also the last.
  args.pop();
  for (const [index, arg] of args.entries()) {
    if (!/(?:main\.js|sag-app-exporter)$/.test(arg)) continue;
    const cwd = await readlink(join(folder, 'cwd')).catch(() => '/');
    // npm starts main.js through a link.
    const file = await realpath(resolve(cwd, arg)).catch(() => undefined);
    if (file === main) return args.slice(index + 1);
  }
  return undefined;
}

/**
 * Where a process with these arguments listens: on an address, or on sockets from systemd. Undefined for other
 * commands.
 */
function targetOf(args: readonly string[]): ListenAddress | 'systemd' | undefined {
  const [command = 'serve'] = lenientParser().parseOptions([...args]).operands;
  if (!isServing(command)) return undefined;
  const parser = lenientParser()
    .addOption(listenAddressesOption(DEFAULT_ADDRESSES[command]))
    .addOption(SYSTEMD_SOCKET);
  try {
    parser.parseOptions([...args]);
  } catch (error) {
    // With wrong usage, the process ends without listening.
    if (error instanceof CommanderError) return undefined;
    throw error;
  }
  if (parser.getOptionValue('web.systemdSocket')) return 'systemd';
  const [first] = parser.getOptionValue('web.listenAddress') as readonly ListenAddress[];
  return first;
}

function lenientParser(): Command {
  const command = new Command()
    .allowUnknownOption()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const option of COMMON_OPTIONS) command.addOption(option);
  return command;
}

function isServing(command: string): command is keyof typeof DEFAULT_ADDRESSES {
  return Object.hasOwn(DEFAULT_ADDRESSES, command);
}
