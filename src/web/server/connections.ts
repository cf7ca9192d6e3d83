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
  readonly peer: string;
  state: State;
  /** Monotonic time at which the connection entered its state. */
  since: number;
  responsesInHand: number;
}

export type ConnectionCounts = Readonly<Record<State, number>>;

/**
 * Tracks the connections of a listener and closes some of them. At the limit it closes the connection that
 * has been idle for longest, so that a new client is always accepted. When the server stops, it closes each
 * connection as soon as it is idle. Node.js alone would refuse a new connection at its limit, and would wait
 * at the end for connections on which no request has come.
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
  readonly #byPeer = new Map<string, Connection>();
  readonly #clock: Clock;
  #closing = false;
  #cancelTrim: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: Socket, state: 'handshaking' | 'idle'): void {
    const peer = peerOf(socket);
    if (peer === undefined) {
      // The client has reset the connection already.
      socket.destroy();
      return;
    }
    const since = this.#clock.monotonic();
    const connection = { socket, peer, state, since, responsesInHand: 0 };
    this.#byState[state].add(connection);
    this.#bySocket.set(socket, connection);
    this.#byPeer.set(peer, connection);
    socket.once('close', () => this.#forget(connection));
    this.#trimSoon();
    this.#closeWhenIdle(connection);
  }

  /** Notes that the handshake is done. The TLSSocket has the same addresses as the accepted socket. */
  finishHandshake(secure: Socket): void {
    const connection = this.#byPeer.get(peerOf(secure) ?? '');
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

  /** Closes each connection as soon as no response is in hand on it. */
  close(): void {
    this.#closing = true;
    this.#cancelTrim?.();
    for (const connection of this.#byPeer.values()) this.#closeWhenIdle(connection);
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
    if (this.#cancelTrim || this.#closing || !this.#isOverLimit) return;
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
