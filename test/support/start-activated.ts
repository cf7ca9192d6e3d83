import net, { type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { MAIN, type Program, startProgram } from './start-program.ts';

/** A socket that stays open while the programs that accept its connections start and end. */
export interface HeldSocket {
  readonly fd: number;
}

/** The functions with which node:cluster opens sockets in one process and hands them to others. */
interface ServerHandles {
  _createServerHandle(address: string, port: number, type: 4 | 6 | -1): HeldSocket | number;
}

interface Closable {
  close(): void;
}

/**
 * Opens a socket, and closes it when the test ends. This process does not accept its connections.
 *
 * @param address a port of the loopback interface, or the path of a Unix socket
 */
export function holdSocket(address: number | string, family: 4 | 6 = 4): HeldSocket {
  const { _createServerHandle: create } = net as unknown as ServerHandles;
  const handle =
    typeof address === 'string'
      ? create(address, -1, -1)
      : create(family === 4 ? '127.0.0.1' : '::1', address, family);
  if (typeof handle === 'number') throw new Error(`${address} cannot be bound: ${handle}`);
  onTestFinished(() => (handle as HeldSocket & Closable).close());
  return handle;
}

/** Starts `serve` as systemd does: with open sockets, or other files, as file descriptors from 3 up. */
export function startActivated(
  sockets: readonly (HeldSocket | Socket)[],
  args: readonly string[],
): Program {
  return startProgram(
    'sh',
    // The shell passes its process number on to the program that replaces it.
    ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', process.execPath, MAIN, ...args],
    { LISTEN_FDS: String(sockets.length), LISTEN_FDNAMES: sockets.map(() => 'a.socket').join(':') },
    sockets.map((socket) => ('fd' in socket ? socket.fd : socket)),
  );
}
