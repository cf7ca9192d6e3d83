import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { lifetimeOf } from '../http/lifetime.ts';
import { MOST_CONNECTIONS, MOST_HANDSHAKES } from './limits.ts';

/** `handshaking`: TLS is not agreed on yet; `idle`: no response is in hand; `busy`: one is, or several. */
type State = 'handshaking' | 'idle' | 'busy';

interface Connection {
  /** The accepted socket; once the handshake is done, the TLS on it. */
  socket: Socket;
  readonly peer: string;
  state: State;
  responsesInHand: number;
}

/** How many connections are in each state. */
export type ConnectionCounts = Readonly<Record<State, number>>;

/**
 * The connections of a listener, and which of them are closed: at the limit the one that has been idle for
 * longest, so that a new client always gets in, and at the end each as soon as it is idle. Node.js itself
 * refuses the new connection at its limit, and once closed waits for connections that have said nothing.
 */
export class Connections {
  /** In each state the connection that has been in it for longest is the first. */
  readonly #in: Readonly<Record<State, Set<Connection>>> = {
    handshaking: new Set(),
    idle: new Set(),
    busy: new Set(),
  };
  /** By the socket that its requests come from: the accepted one, or the TLS on it. */
  readonly #of = new WeakMap<Socket, Connection>();
  readonly #byPeer = new Map<string, Connection>();
  readonly #clock: Clock;
  #closing = false;
  #isTrimming = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes in a connection that was just accepted. */
  accepted(socket: Socket, state: 'handshaking' | 'idle'): void {
    const peer = peerOf(socket);
    if (peer === undefined) {
      // It was reset before it was looked at.
      socket.destroy();
      return;
    }
    const connection = { socket, peer, state, responsesInHand: 0 };
    this.#in[state].add(connection);
    this.#of.set(socket, connection);
    this.#byPeer.set(peer, connection);
    socket.once('close', () => this.#forget(connection));
    this.#trimSoon();
    this.#closeWhenIdle(connection);
  }

  /** Notes that the handshake is done; what was accepted has the same peer as the TLS on it. */
  secured(secure: Socket): void {
    const connection = this.#byPeer.get(peerOf(secure) ?? '');
    if (!connection) {
      secure.destroy();
      return;
    }
    connection.socket = secure;
    this.#of.set(secure, connection);
    secure.once('close', () => this.#forget(connection));
    this.#move(connection, 'idle');
    this.#closeWhenIdle(connection);
  }

  /** Decorates a listener: notes on which connections responses are in hand. */
  counting(listener: RequestListener): RequestListener {
    return (request, response) => {
      const connection = this.#of.get(request.socket);
      if (connection) {
        if (connection.responsesInHand++ === 0) this.#move(connection, 'busy');
        lifetimeOf(response).onEnd(() => {
          if (--connection.responsesInHand > 0) return;
          this.#move(connection, 'idle');
          this.#closeWhenIdle(connection);
        });
      }
      listener(request, response);
    };
  }

  get counts(): ConnectionCounts {
    const { handshaking, idle, busy } = this.#in;
    return { handshaking: handshaking.size, idle: idle.size, busy: busy.size };
  }

  /** Ends each connection as soon as no response is in hand on it. */
  close(): void {
    this.#closing = true;
    for (const connection of this.#byPeer.values()) this.#closeWhenIdle(connection);
  }

  get #size(): number {
    const { handshaking, idle, busy } = this.#in;
    return handshaking.size + idle.size + busy.size;
  }

  /**
   * Several hundred connections may be accepted before the first of them is read. Each gets two turns of the
   * event loop in which its request is noticed, so that a flood does not close a connection that asks something.
   */
  #trimSoon(): void {
    if (this.#isTrimming || !this.#isOverLimit) return;
    this.#isTrimming = true;
    this.#clock.after(0, () => {
      this.#clock.after(0, () => {
        this.#isTrimming = false;
        this.#trim();
      });
    });
  }

  get #isOverLimit(): boolean {
    return this.#size > MOST_CONNECTIONS || this.#in.handshaking.size > MOST_HANDSHAKES;
  }

  #trim(): void {
    while (this.#in.handshaking.size > MOST_HANDSHAKES) this.#drop('handshaking');
    while (this.#size > MOST_CONNECTIONS) this.#drop('idle', 'handshaking', 'busy');
  }

  /**
   * Closes the connection that has been for longest in the first of these states that any is in; of handshakes
   * first those to which the client has contributed nothing.
   */
  #drop(...states: readonly State[]): void {
    for (const state of states) {
      const [oldest] = this.#in[state];
      if (!oldest) continue;
      const dropped = (state === 'handshaking' && this.#oldestSilent()) || oldest;
      this.#forget(dropped);
      dropped.socket.destroy();
      return;
    }
  }

  #oldestSilent(): Connection | undefined {
    for (const connection of this.#in.handshaking) {
      if (connection.socket.bytesRead === 0) return connection;
    }
    return undefined;
  }

  #move(connection: Connection, state: State): void {
    // A connection that was dropped or has closed is in no state any more.
    if (!this.#in[connection.state].delete(connection)) return;
    connection.state = state;
    this.#in[state].add(connection);
  }

  #forget(connection: Connection): void {
    this.#in[connection.state].delete(connection);
    if (this.#byPeer.get(connection.peer) === connection) this.#byPeer.delete(connection.peer);
  }

  #closeWhenIdle({ socket, responsesInHand }: Connection): void {
    if (this.#closing && responsesInHand === 0) socket.end(() => socket.destroy());
  }
}

/** Undefined once the socket is closed. */
function peerOf({
  remoteAddress,
  remotePort,
  localAddress,
  localPort,
}: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
