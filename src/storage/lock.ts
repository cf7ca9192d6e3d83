import { randomUUID } from 'node:crypto';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { codeOf } from '../system-error.ts';

/** A directory that this process alone writes to until it lets go. */
export interface Lock {
  release(): Promise<void>;
}

/** `taken`: another process holds the lock. */
export type LockResult = Lock | 'taken';

const NAME = 'lock';

const OWNER_ONLY = 0o600;

/** The system refuses longer paths of sockets (unix(7)). */
const LONGEST_SOCKET_PATH = 100;

/** Other processes may take the lock or let go of it between our steps. */
const ATTEMPTS = 5;

/**
 * Locks a directory by listening on a socket in it. The system closes the socket when the process ends,
 * however it ends, so the next process need not wait or guess whether the holder is alive. A process number
 * in a file would not do: two containers that share a volume both run as process 1.
 *
 * @throws Error with the system's code where no socket can be made, such as on a read-only file system
 */
export async function lockDirectory(directory: string): Promise<LockResult> {
  const folder = await open(directory);
  try {
    const path = socketPath(directory, folder.fd);
    for (let attempt = 1; ; attempt++) {
      try {
        const server = await listenOn(path);
        // Other users can neither connect to the socket nor take it for abandoned.
        await chmod(path, OWNER_ONLY).catch(() => {});
        return { release: () => new Promise((resolve) => server.close(() => resolve())) };
      } catch (error) {
        if (codeOf(error) !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
      }
      if (await isAnswered(path)) return 'taken';
      if (!(await removeAbandoned(directory, path))) return 'taken';
    }
  } finally {
    await folder.close();
  }
}

/** The directory may have a path that is too long for a socket; Linux gives every open file a short path. */
function socketPath(directory: string, descriptor: number): string {
  const path = join(directory, NAME);
  return path.length <= LONGEST_SOCKET_PATH ? path : `/proc/self/fd/${descriptor}/${NAME}`;
}

function listenOn(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** What the system says of a socket that no process listens on, and of one that is removed. */
const ABANDONED = new Set(['ECONNREFUSED', 'ENOENT']);

/**
 * @throws Error with the system's code when it is not known, such as EACCES for a socket of another user: taking
 * it for abandoned would let two processes write to the directory
 */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => {
      if (ABANDONED.has(codeOf(error))) resolve(false);
      else reject(error);
    });
  });
}

/**
 * Removes the socket of a process that ended without letting go. Another process may do the same at the same
 * moment and listen already, so the socket is moved aside and asked once more before it is removed.
 *
 * @returns false when it was the socket of a running process after all; it is put back then
 */
async function removeAbandoned(directory: string, path: string): Promise<boolean> {
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
  if (await isAnswered(aside)) {
    await rename(aside, join(directory, NAME));
    return false;
  }
  await rm(aside, { force: true });
  return true;
}
