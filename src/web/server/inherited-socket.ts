import { fstat } from 'node:fs';
import type { Server } from 'node:net';
import { promisify } from 'node:util';
import { codeOf } from '../../system-error.ts';
import { socketOf } from './open-sockets.ts';

/** A listening socket that the service manager opened before it started this process. */
export interface InheritedSocket {
  /** The file descriptor. */
  readonly fd: number;
  /** The name of the socket at the service manager, for messages. */
  readonly name: string;
}

/**
 * Number of connections that may wait to be accepted: the maximum of the system, which is systemd's default
 * too. Without a number, Node.js would lower the limit of the socket to 511, also for the time in which no
 * process accepts connections.
 */
const LONGEST_BACKLOG = 2 ** 31 - 1;

/**
 * Lets a server accept the connections of an inherited socket.
 *
 * @throws Error when the socket does not accept connections; its message says what was expected and found
 */
export async function listenOnInherited(server: Server, socket: InheritedSocket): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      // The listener is not removed, because a later failure to accept a connection must not end the process.
      server.on('error', reject);
      server.listen({ fd: socket.fd }, LONGEST_BACKLOG, resolve);
    });
  } catch (error) {
    throw new Error(
      `cannot listen on socket ${socket.fd} (${socket.name}) of the service manager: expected a stream socket that accepts connections (in the .socket unit: ListenStream= and Accept=no); it is ${await kindOf(socket.fd, error)}`,
    );
  }
}

/** What a file descriptor is on which a server cannot listen. */
async function kindOf(fd: number, error: unknown): Promise<string> {
  try {
    const stats = await promisify(fstat)(fd);
    if (stats.isFIFO()) return 'a pipe';
    if (!stats.isSocket()) return 'a file or a device';
  } catch (failure) {
    return `not open (${codeOf(failure)})`;
  }
  const kind = (await socketOf(fd))?.kind;
  return kind ? `a ${kind}` : `a socket of another kind (${codeOf(error)})`;
}
