import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  readonly socket: Socket;
  /** Responses in hand on it. */
  inHand: number;
}

/**
 * The connections of a server. Node itself, once closed, still waits for those that were opened and
 * said nothing, and keeps one alive for seconds after the response in hand.
 */
export class Connections {
  /** By the client's address and port: a connection and the TLS on it have that in common. */
  readonly #connections = new Map<string, Connection>();
  #closing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.opened(socket));
    server.on('request', ({ socket }, response) => {
      const connection = this.#connections.get(keyOf(socket));
      if (!connection) return;
      connection.inHand++;
      response.once('close', () => {
        connection.inHand--;
        this.#closeIdle(connection);
      });
    });
  }

  /** What was opened on a connection, once its handshake of TLS is done, takes its place. */
  opened(socket: Socket): void {
    const key = keyOf(socket);
    const connection = { socket, inHand: 0 };
    this.#connections.set(key, connection);
    socket.once('close', () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    this.#closeIdle(connection);
  }

  /** Ends each as soon as no response is in hand on it. */
  close(): void {
    this.#closing = true;
    for (const connection of this.#connections.values()) this.#closeIdle(connection);
  }

  #closeIdle({ socket, inHand }: Connection): void {
    if (this.#closing && inHand === 0) socket.end(() => socket.destroy());
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
