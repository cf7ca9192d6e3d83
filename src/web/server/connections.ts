import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import { FLOOD_FACTOR, MOST_CONNECTIONS, MOST_HANDSHAKES, TIME_TO_SEND } from '../limits.ts';

/**
 * `handshaking`: the TLS handshake is not finished. `idle`: no response is in hand. `busy`: at least one
 * response is in hand.
 */
type State = 'handshaking' | 'idle' | 'busy';

interface Connection {
  /** The accepted socket. After the TLS handshake, the TLSSocket on top of it. */
  socket: Socket;
  /** The addresses of both ends. Undefined for a Unix connection, which has none. */
  readonly peer: string | undefined;
  state: State;
  /** Monotonic time at which the connection entered its state. */
  since: number;
  responsesInHand: number;
  hasSentRequest: boolean;
}

export type ConnectionCounts = Readonly<Record<State, number>>;

/**
 * Tracks the connections of a listener and closes some of them. At the limit it closes the connection that
 * has been idle for longest, so that a new client is always accepted. When the server stops, it closes each
 * connection as soon as it is idle; a new connection gets a moment to send its request. Node.js alone would
 * refuse a new connection at its limit, and would wait at the end for connections on which no request has come.
 */
export class Connections {
  /** In each set, connections stand in the order in which they entered the state. */
  readonly #byState: Readonly<Record<State, Set<Connection>>> = {
    handshaking: new Set(),
    idle: new Set(),
    busy: new Set(),
  };
  /**
   * Maps each socket from which requests come to its connection. It is the accepted socket or the TLSSocket
   * on top of it.
   */
  readonly #bySocket = new WeakMap<Socket, Connection>();
  /** The TCP connections. */
  readonly #byPeer = new Map<string, Connection>();
  readonly #clock: Clock;
  /**
   * `draining`: idle connections are closed, but new connections may still send their first request. `closing`: all
   * idle connections are closed.
   */
  #phase: 'open' | 'draining' | 'closing' = 'open';
  #cancelTrim: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: Socket, state: 'handshaking' | 'idle'): void {
    const peer = peerOf(socket);
    if (peer === undefined && !isUnix(socket)) {
      // The client has reset the connection already.
      socket.destroy();
      return;
    }
    const since = this.#clock.monotonic();
    const connection = { socket, peer, state, since, responsesInHand: 0, hasSentRequest: false };
    this.#byState[state].add(connection);
    this.#bySocket.set(socket, connection);
    if (peer !== undefined) this.#byPeer.set(peer, connection);
    socket.once('close', () => this.#forget(connection));
    this.#trimSoon();
    this.#closeWhenIdle(connection);
  }

  /**
   * Notes that the handshake is done. A TLSSocket over TCP has the same addresses as the accepted socket.
   *
   * @param accepted the accepted socket of a Unix connection
   */
  finishHandshake(secure: Socket, accepted?: Socket): void {
    const connection = accepted
      ? this.#bySocket.get(accepted)
      : this.#byPeer.get(peerOf(secure) ?? '');
    if (!connection) {
      secure.destroy();
      return;
    }
    connection.socket = secure;
    this.#bySocket.set(secure, connection);
    secure.once('close', () => this.#forget(connection));
    this.#move(connection, 'idle');
    this.#closeWhenIdle(connection);
  }

  /** Decorates a listener: counts the responses in hand on each connection. */
  counting(listener: RequestListener): RequestListener {
    return (request, response) => {
      const connection = this.#bySocket.get(request.socket);
      if (connection) {
        connection.hasSentRequest = true;
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
    const { handshaking, idle, busy } = this.#byState;
    return { handshaking: handshaking.size, idle: idle.size, busy: busy.size };
  }

  /**
   * Closes each connection as soon as no response is in hand on it. A new connection gets TIME_TO_SEND for its
   * first request, which is answered: the client connected before it could know that this process ends. With a
   * socket that systemd keeps open, later clients wait for the next process, so no client is turned away.
   */
  close(): void {
    this.#phase = 'draining';
    this.#cancelTrim?.();
    this.#closeIdle();
    if (this.#size === 0) return;
    this.#clock.after(TIME_TO_SEND, () => {
      this.#phase = 'closing';
      this.#closeIdle();
    });
  }

  get #size(): number {
    const { handshaking, idle, busy } = this.#byState;
    return handshaking.size + idle.size + busy.size;
  }

  /**
   * Node.js may accept several hundred connections before it reads from the first of them. So connections are
   * closed two turns of the event loop later, when their requests have been read: a flood of idle connections
   * must not close a connection that has sent a request.
   */
  #trimSoon(): void {
    if (this.#cancelTrim || this.#phase !== 'open' || !this.#isOverLimit) return;
    this.#trimAfter(0, () => this.#trimAfter(0, () => this.#trim()));
  }

  #trimAfter(ms: number, trim: () => void): void {
    this.#cancelTrim = this.#clock.after(ms, () => {
      this.#cancelTrim = undefined;
      trim();
    });
  }

  get #isOverLimit(): boolean {
    return this.#size > MOST_CONNECTIONS || this.#byState.handshaking.size > MOST_HANDSHAKES;
  }

  #trim(): void {
    const { handshaking } = this.#byState;
    this.#trimTo(MOST_HANDSHAKES, () => handshaking.size, ['handshaking']);
    this.#trimTo(MOST_CONNECTIONS, () => this.#size, ['idle', 'handshaking', 'busy']);
    // Connections above a limit that remain are new. They get time to send their request.
    if (this.#isOverLimit) this.#trimAfter(TIME_TO_SEND, () => this.#trim());
  }

  #trimTo(limit: number, size: () => number, states: readonly State[]): void {
    while (size() > limit) {
      const mayBeNew = size() > FLOOD_FACTOR * limit;
      const closed = this.#oldestOf(states, mayBeNew ? 0 : TIME_TO_SEND);
      if (!closed) return;
      this.#forget(closed);
      closed.socket.destroy();
    }
  }

  /**
   * Returns the connection that has been in its state for longest, and for at least `age` milliseconds. The
   * states are tried in order. Among handshakes, those whose client has sent nothing come first.
   */
  #oldestOf(states: readonly State[], age: number): Connection | undefined {
    const latest = this.#clock.monotonic() - age;
    for (const state of states) {
      const [oldest] = this.#byState[state];
      const found = (state === 'handshaking' && this.#oldestSilent()) || oldest;
      if (found && found.since <= latest) return found;
    }
    return undefined;
  }

  #oldestSilent(): Connection | undefined {
    for (const connection of this.#byState.handshaking) {
      if (connection.socket.bytesRead === 0) return connection;
    }
    return undefined;
  }

  #move(connection: Connection, state: State): void {
    // A connection that was dropped or has closed is in none of the sets.
    if (!this.#byState[connection.state].delete(connection)) return;
    connection.state = state;
    connection.since = this.#clock.monotonic();
    this.#byState[state].add(connection);
  }

  #forget(connection: Connection): void {
    this.#byState[connection.state].delete(connection);
    const { peer } = connection;
    if (peer !== undefined && this.#byPeer.get(peer) === connection) this.#byPeer.delete(peer);
  }

  #closeIdle(): void {
    for (const connections of Object.values(this.#byState)) {
      for (const connection of connections) this.#closeWhenIdle(connection);
    }
  }

  #closeWhenIdle(connection: Connection): void {
    if (this.#phase === 'open' || connection.responsesInHand > 0) return;
    if (this.#phase === 'draining' && this.#isNew(connection)) return;
    const { socket } = connection;
    socket.end(() => socket.destroy());
  }

  #isNew({ hasSentRequest, since }: Connection): boolean {
    return !hasSentRequest && this.#clock.monotonic() - since < TIME_TO_SEND;
  }
}

/**
 * Whether an accepted socket is a Unix socket. It has no address of its own, whereas a TCP socket has one even
 * when the client has reset the connection.
 */
export function isUnix(socket: Socket): boolean {
  return !('address' in socket.address());
}

/** Undefined for a TCP socket that is closed, and for a Unix socket. */
function peerOf({
  remoteAddress,
  remotePort,
  localAddress,
  localPort,
}: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
