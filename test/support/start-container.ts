import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Program, startProgram } from './start-program.ts';

/** The configuration of an image, in Docker's format. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

/** An image unpacked by .ci/image. */
export interface Image {
  /** The folder with the image's files. */
  readonly root: string;
  readonly config: ImageConfig;
}

/** The image that .ci/image names in environment variables. @throws Error when they are missing */
export function builtImage(): Image {
  const { IMAGE_ROOT: root, IMAGE_JSON: file } = process.env;
  if (!root || !file) throw new Error('these tests are run by .ci/image');
  const { Docker } = JSON.parse(readFileSync(file, 'utf8')) as {
    Docker: { config: ImageConfig };
  };
  return { root, config: Docker.config };
}

/** Options of a container besides its arguments. */
export interface ContainerWishes {
  /** `UID:GID`, which the image need not know. @default the user of the image */
  readonly user?: string;
  /** A folder that is mounted with write permission at STORAGE. */
  readonly volume?: string;
  /** Files by their absolute path in the container, read-only. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A container whose network is shared, as in a pod. */
  readonly network?: Container;
}

/** A running container with its own processes, mounts and network, and a read-only root. */
export interface Container extends Program {
  /** The process id of its first process, outside the container. */
  readonly pid: number;
  /** Runs a command inside, as its user. */
  exec(command: readonly string[], user?: string): Finished;
  /** Sends a request from inside its network. */
  curl(...args: readonly string[]): Finished;
}

/** A command that has ended. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The directory of the image for `--storage.path`. */
export const STORAGE = '/var/lib/sag-app-exporter';

/**
 * Makes a named volume for STORAGE. As with Docker, it has the owner and the mode of the directory in the image.
 *
 * @param folder in which the volume is made; the caller removes it
 */
export function namedVolume({ root }: Image, folder: string): string {
  const volume = join(folder, 'volume');
  const { status, stderr } = run('cp', ['--archive', join(root, STORAGE), volume], {});
  if (status !== 0) throw new Error(stderr);
  return volume;
}

/** Does what Docker does, with unshare and mounts; $0 is the root, $1 the user, $2 the files, $3 the volume. */
const SCRIPT = `set -e
root=$0; user=$1; files=$2; volume=$3; shift 3
ip link set lo up
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$files" "$root/mnt"
mount -o remount,ro,bind "$root/mnt"
mount -o remount,ro,bind "$root"
[ -z "$volume" ] || mount --bind "$volume" "$root${STORAGE}"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"`;

/**
 * Runs the image as a container without a container engine: with new namespaces, no new privileges, a
 * read-only root, and the image's environment and entry point.
 *
 * @param folder for the files of the container; the caller removes it
 */
export async function startContainer(
  { root, config }: Image,
  args: readonly string[],
  folder: string,
  wishes: ContainerWishes = {},
): Promise<Container> {
  const { user = config.User, files = {}, volume = '', env = {}, network } = wishes;
  // A container engine creates these mount points.
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
    volume,
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
    curl: (...args) =>
      run('nsenter', ['--target', String(pid), '--net', '--', 'curl', '-sS', ...args], {}),
    end(signal = 'SIGTERM') {
      // The inner process has ended already; only its parent is left to wait for.
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

/** The only child process of `pid`. @throws Error while there is none */
function onlyChild(pid: number | undefined): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (!/^\d+$/.test(children)) throw new Error(`process ${pid} has not started its child yet`);
  return Number(children);
}
