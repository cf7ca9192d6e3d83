import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { ListenAddress } from '../../web/listen-address.ts';
import { COMMON_OPTIONS, DEFAULT_ADDRESSES, listenAddressesOption } from '../flags.ts';

/** A process of this program that serves. */
export interface RunningServer {
  readonly pid: number;
  /** Where it was told to listen, the first of several addresses. */
  readonly address: ListenAddress;
}

/**
 * The processes of this program that serve, by the arguments that the kernel knows of each process;
 * none where there is no /proc.
 *
 * @param main this program's main file
 * @param proc where the file system of processes is mounted
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

/** What a process was given after the main file; undefined when it runs something else or has ended. */
async function argsOf(folder: string, main: string): Promise<readonly string[] | undefined> {
  const args = (await readFile(join(folder, 'cmdline'), 'utf8').catch(() => '')).split('\0');
  // The last argument ends in a zero byte, too.
  args.pop();
  for (const [index, arg] of args.entries()) {
    if (!/(?:main\.js|sag-app-exporter)$/.test(arg)) continue;
    const cwd = await readlink(join(folder, 'cwd')).catch(() => '/');
    // npm starts it by a link.
    const file = await realpath(resolve(cwd, arg)).catch(() => undefined);
    if (file === main) return args.slice(index + 1);
  }
  return undefined;
}

/** Where a process with these arguments listens; undefined when it serves nothing. */
function addressOf(args: readonly string[]): ListenAddress | undefined {
  const [command = 'serve'] = reader().parseOptions([...args]).operands;
  if (!isServing(command)) return undefined;
  const read = reader().addOption(listenAddressesOption(DEFAULT_ADDRESSES[command]));
  try {
    read.parseOptions([...args]);
  } catch (error) {
    // Then it does not serve either.
    if (error instanceof CommanderError) return undefined;
    throw error;
  }
  const [first] = read.getOptionValue('web.listenAddress') as readonly ListenAddress[];
  return first;
}

/** Reads the arguments of any command for what it knows of them. */
function reader(): Command {
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
