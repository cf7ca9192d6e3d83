import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, MINUTE } from '../../clock.ts';

/**
 * How long a connection is used. Host names are looked up only for new connections. Without this limit, an
 * exporter that makes a call every few seconds would never notice a change in DNS.
 */
const LONGEST_USE = 2 * MINUTE;

/** The agent's method addRequest, which the typings of Node.js leave out. */
interface RequestTaker {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}

/**
 * Makes the agent close each connection after LONGEST_USE, so that the host name is looked up again. A
 * request in flight is not disturbed: its connection is closed when the reply has ended.
 */
export function renewConnections<Agent extends http.Agent>(agent: Agent, clock: Clock): Agent {
  const since = new WeakMap<Duplex, number>();
  const isOld = (socket: Duplex): boolean => {
    const begun = since.get(socket);
    return begun !== undefined && clock.monotonic() - begun >= LONGEST_USE;
  };

  const taker = agent as unknown as RequestTaker;
  const addRequest = taker.addRequest.bind(agent);
  taker.addRequest = (request, ...rest) => {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of (sockets ?? []).filter(isOld)) {
        socket.destroy();
        // Without this event, the agent would notice only in the next turn of the event loop, and would give
        // this request the destroyed connection.
        socket.emit('agentRemove');
      }
    }
    request.once('socket', (socket) => {
      if (!since.has(socket)) since.set(socket, clock.monotonic());
    });
    addRequest(request, ...rest);
  };

  // Runs before the agent's own listener, which would give the connection to a waiting request.
  agent.prependListener('free', (socket: Duplex) => {
    if (isOld(socket)) socket.destroy();
  });
  return agent;
}
