import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { ListenAddress } from '../../web/server/listen-address.ts';
import { COMMON_OPTIONS, DEFAULT_ADDRESSES, listenAddressesOption } from '../flags.ts';

/** A running process of `serve`, `demo` or `simulate`. */
export interface RunningServer {
  readonly pid: number;
  /** The first address among its arguments, else the default. */
  readonly address: ListenAddress;
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
    const args = await argsOf(join(proc, String(pid)), self);
    const address = args && addressOf(args);
    if (address) servers.push({ pid, address });
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

/** The address on which a process with these arguments listens; undefined for other commands. */
function addressOf(args: readonly string[]): ListenAddress | undefined {
  const [command = 'serve'] = lenientParser().parseOptions([...args]).operands;
  if (!isServing(command)) return undefined;
  const parser = lenientParser().addOption(listenAddressesOption(DEFAULT_ADDRESSES[command]));
  try {
    parser.parseOptions([...args]);
  } catch (error) {
    // With wrong usage, the process ends without listening.
    if (error instanceof CommanderError) return undefined;
    throw error;
  }
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
