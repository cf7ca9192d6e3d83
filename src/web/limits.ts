import { MINUTE, SECOND } from '../clock.ts';

/** Limits of a connection, so that slow or greedy clients leave room for others. */
export const HTTP_LIMITS = {
  /** Maximum bytes of a request's headers. Larger headers are answered with 431. */
  maxHeaderSize: 16 * 1024,
  /**
   * Maximum time to receive the headers of a request; for the first request, from the start of the
   * connection. After that the answer is 408.
   */
  headersTimeout: 10 * SECOND,
  /** Maximum time to receive a request with its body. No endpoint needs a body. */
  requestTimeout: 20 * SECOND,
  /** How often Node.js checks those two timeouts. */
  connectionsCheckingInterval: 2 * SECOND,
  /**
   * Time until an idle connection is closed. It is longer than the usual scrape interval, because a TLS
   * handshake for each scrape would cost more.
   */
  keepAliveTimeout: 75 * SECOND,
} as const;

/** Maximum number of headers of a request that are read. The others are dropped. */
export const MOST_HEADERS = 100;

/**
 * Maximum number of connections at once. At the limit, the connection that has been idle for longest is
 * closed, so that a new client is always accepted. Prometheus needs one or two connections.
 */
export const MOST_CONNECTIONS = 512;

/**
 * Maximum number of TLS handshakes at once. Above the limit, the oldest handshake is closed; handshakes whose
 * client has sent nothing are closed before the others. A handshake takes some milliseconds.
 */
export const MOST_HANDSHAKES = 128;

/**
 * A connection is not closed for MOST_CONNECTIONS or MOST_HANDSHAKES before this time has passed: a client on
 * a busy machine needs a moment between connecting and sending its request.
 */
export const TIME_TO_SEND = SECOND;

/**
 * In a flood of new connections, up to this many times a limit are accepted. Then new connections are closed
 * too.
 */
export const FLOOD_FACTOR = 4;

/**
 * Maximum number of pipelined requests that wait for the response before them, on all connections together. A
 * request above the limit closes its connection. Neither Prometheus nor browsers pipeline requests.
 */
export const MOST_WAITING_REQUESTS = 1000;

/** A response is broken off when the client has taken nothing of it for this time. */
export const STALLED = MINUTE;

/**
 * A response that takes longer in total is broken off, so that a slow client cannot hold it for ever. Prometheus
 * waits for at most one scrape interval, and intervals above two minutes leave gaps in its graphs.
 */
export const LONGEST_ANSWER = 2 * MINUTE;

export const HANDSHAKE_TIMEOUT = 10 * SECOND;

/** Maximum number of password checks that wait while another check runs. A further request is answered with 503. */
export const MOST_WAITING_CHECKS = 50;

/** Maximum number of right passwords that are remembered, each by its digest. */
export const MOST_REMEMBERED = 100;

/**
 * Default of the maximum number of scrapes that are answered at the same time. Concurrent scrapes share the
 * rendered metrics, but each occupies a connection.
 */
export const MAX_REQUESTS = 100;

/**
 * Maximum number of lists that are sent as CSV at the same time. A list holds the snapshot from which it is made
 * until the client has read all of it.
 */
export const MOST_DOWNLOADS = 10;

/**
 * A scrape that is still being answered after this time is slow: it is given up when a new scrape needs its
 * slot, or when slow scrapes hold too much memory. Prometheus has the same time as its default timeout.
 */
export const SLOW_SCRAPE = 10 * SECOND;

/**
 * Maximum bytes that slow scrapes may hold besides those of the newest answer. The metrics change while a
 * client reads, so each slow scrape may hold outdated metrics of another moment.
 */
export const MOST_OUTDATED_BYTES = 32 * 1024 * 1024;
