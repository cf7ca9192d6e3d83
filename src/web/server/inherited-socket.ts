import { fstat } from 'node:fs';
import type { Server } from 'node:net';
import { promisify } from 'node:util';
import { codeOf } from '../../system-error.ts';
import { socketAddressText, socketOf } from './open-sockets.ts';

/** A listening socket that systemd opened before it started this process. */
export interface InheritedSocket {
  /** The file descriptor. */
  readonly fd: number;
  /** The name that systemd gives the socket, for messages. */
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
 * @returns the address of the socket
 * @throws Error when the socket does not accept connections; its message says what was expected and found
 */
export async function listenOnInherited(server: Server, socket: InheritedSocket): Promise<string> {
  const { fd, name } = socket;
  // Read before the attempt to listen, which closes the file descriptor when it fails.
  const found = await socketOf(fd);
  const kind = found ? `a ${found.kind}` : await kindOf(fd);
  try {
    await new Promise<void>((resolve, reject) => {
      // The listener is not removed, because a later failure to accept a connection must not end the process.
      server.on('error', reject);
      server.listen({ fd }, LONGEST_BACKLOG, resolve);
    });
  } catch (error) {
    throw new Error(
      `cannot listen on socket ${fd} (${name}) from systemd (${codeOf(error)}): expected a stream socket that accepts connections (in the .socket unit: ListenStream= and Accept=no); it is ${kind}`,
    );
  }
  return found ? socketAddressText(found.address) : name;
}

/** What a file descriptor is that is not in the lists of sockets. */
async function kindOf(fd: number): Promise<string> {
  try {
    const stats = await promisify(fstat)(fd);
    if (stats.isSocket()) return 'a socket of another kind';
    return stats.isFIFO() ? 'a pipe' : 'no socket';
  } catch {
    return 'not open';
  }
}
