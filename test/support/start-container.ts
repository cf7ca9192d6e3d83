import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Program, startProgram } from './start-program.ts';

/** What an image says of how it is to be run, in Docker's format. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** An image that .ci/image has unpacked. */
export interface Image {
  /** Its files. */
  readonly root: string;
  readonly config: ImageConfig;
}

/** The image that .ci/image names in the environment. @throws Error when there is none */
export function builtImage(): Image {
  const { IMAGE_ROOT: root, IMAGE_JSON: file } = process.env;
  if (!root || !file) throw new Error('these tests are run by .ci/image');
  const { Docker } = JSON.parse(readFileSync(file, 'utf8')) as {
    Docker: { config: ImageConfig };
  };
  return { root, config: Docker.config };
}

/** What a container is given besides its arguments. */
export interface ContainerWishes {
  /** `UID:GID`, whether or not the image knows it. @default the image's own */
  readonly user?: string;
  /** Files by their absolute path in the container, read-only. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Shares this one's network, as containers of a pod do. */
  readonly network?: Container;
}

/** A container that runs: its own processes, mounts and network, and a root nobody can write to. */
export interface Container extends Program {
  /** Its first process, as the machine outside knows it. */
  readonly pid: number;
  /** Runs a command inside, as its user. */
  exec(command: readonly string[], user?: string): Finished;
  /** Asks it from its own network. */
  curl(...args: readonly string[]): Finished;
}

/** A command that has ended. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What Docker does, by the kernel's own means; $0 is the root, $1 the user, $2 the files. */
const SCRIPT = `set -e
root=$0; user=$1; files=$2; shift 2
ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$files" "$root/mnt"
mount -o remount,ro,bind "$root/mnt"
mount -o remount,ro,bind "$root"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"`;

/**
 * Runs the image as a container would be, without an engine: namespaces of its own, no new privileges,
 * a read-only root, the image's environment and entry point.
 *
 * @param folder where its files are put; removed by the caller
 */
export async function startContainer(
  { root, config }: Image,
  args: readonly string[],
  folder: string,
  wishes: ContainerWishes = {},
): Promise<Container> {
  const { user = config.User, files = {}, env = {}, network } = wishes;
  // What an engine makes when it mounts there.
  for (const name of ['proc', 'dev', 'mnt']) mkdirSync(join(root, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const environment = Object.fromEntries(
    config.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const joined = network ? ['nsenter', `--net=/proc/${network.pid}/ns/net`] : [];
  const apart = ['unshare', '--mount', '--pid', '--ipc', '--uts', ...(network ? [] : ['--net'])];
  const [program = '', ...rest] = [
    ...joined,
    ...apart,
    '--fork',
    '--kill-child',
    'bash',
    '-c',
    SCRIPT,
    root,
    user,
    folder,
    ...config.Entrypoint,
    ...args,
  ];
  const started = startProgram(program, rest, { ...environment, ...env });
  const pid = await vi.waitFor(() => onlyChild(started.child.pid), { timeout: 10_000 });
  const [uid = '', gid = ''] = user.split(':');
  const inside = ['--target', String(pid), '--mount', '--pid', '--net', '--ipc', '--uts'];
  return {
    ...started,
    pid,
    exec(command, as = user) {
      const [asUid = uid, asGid = gid] = as.split(':');
      const who = ['--setuid', asUid, '--setgid', asGid];
      return run('nsenter', [...inside, '--root', '--wd=/', ...who, '--', ...command], environment);
    },
    curl: (...given) =>
      run('nsenter', ['--target', String(pid), '--net', '--', 'curl', '-sS', ...given], {}),
    end(signal = 'SIGTERM') {
      // Of what has ended, only its parent is left to be waited for.
      if (started.child.exitCode === null) process.kill(pid, signal);
      return started.ended;
    },
  };
}

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Finished {
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** The one process that `pid` has started. @throws Error while there is none */
function onlyChild(pid: number | undefined): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (!/^\d+$/.test(children)) throw new Error(`process ${pid} has not started its child yet`);
  return Number(children);
}
