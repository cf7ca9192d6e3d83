import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, MINUTE } from '../../clock.ts';

/**
 * How long a connection is used. A name is looked up only for a new connection, so without a bound an
 * exporter that calls every few seconds would stay on the old address for ever after a change in DNS.
 */
const LONGEST_USE = 2 * MINUTE;

/** The part of an agent that a request calls; its typings leave it out. */
interface Requested {
  addRequest(request: http.ClientRequest, ...rest: unknown[]): void;
}

/**
 * Has the agent give up each connection after some minutes, so that the name is looked up anew. A
 * request in hand is never disturbed: its connection is given up when the reply has ended.
 */
export function renewConnections<Agent extends http.Agent>(agent: Agent, clock: Clock): Agent {
  const since = new WeakMap<Duplex, number>();
  const isOld = (socket: Duplex): boolean => {
    const begun = since.get(socket);
    return begun !== undefined && clock.monotonic() - begun >= LONGEST_USE;
  };

  const requested = agent as unknown as Requested;
  const addRequest = requested.addRequest.bind(agent);
  requested.addRequest = (request, ...rest) => {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of (sockets ?? []).filter(isOld)) {
        socket.destroy();
        // The agent would notice only in the next turn, and give this request a destroyed connection.
        socket.emit('agentRemove');
      }
    }
    request.once('socket', (socket) => {
      if (!since.has(socket)) since.set(socket, clock.monotonic());
    });
    addRequest(request, ...rest);
  };

  // Before the agent's own listener, which would hand the connection to a request that waits for one.
  agent.prependListener('free', (socket: Duplex) => {
    if (isOld(socket)) socket.destroy();
  });
  return agent;
}
