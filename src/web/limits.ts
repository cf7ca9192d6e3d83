import { MINUTE, SECOND } from '../clock.ts';

/** Limits of a connection, so that slow or greedy clients leave room for others. */
export const HTTP_LIMITS = {
  /** Bytes of a request's headers. Larger headers are answered with 431. */
  maxHeaderSize: 16 * 1024,
  /** For the headers of a request, counted from the start of the connection for the first. Then 408. */
  headersTimeout: 10 * SECOND,
  /** For a request with its body. No endpoint needs a body. */
  requestTimeout: 20 * SECOND,
  /** How often Node.js checks those two timeouts. */
  connectionsCheckingInterval: 2 * SECOND,
  /** Longer than the usual scrape interval, because a TLS handshake for each scrape would cost more. */
  keepAliveTimeout: 75 * SECOND,
} as const;

/** Headers of a request that are read; the rest is dropped. */
export const MOST_HEADERS = 100;

/**
 * Connections at once. At the limit the connection that has been idle for longest is closed, so that a new
 * client always gets in. Prometheus needs one or two.
 */
export const MOST_CONNECTIONS = 512;

/**
 * TLS handshakes at once. Beyond that the oldest is closed, those whose client has sent nothing first. A
 * handshake takes some milliseconds.
 */
export const MOST_HANDSHAKES = 128;

/**
 * A connection is not closed for one of these two limits before this time has passed: a client on a busy machine
 * needs a moment between connecting and sending its request.
 */
export const TIME_TO_SEND = SECOND;

/** A flood of new connections is let in up to this many times a limit; then new connections are closed, too. */
export const FLOOD_FACTOR = 4;

/**
 * Pipelined requests that wait for the response before them, on all connections together. A request beyond
 * that closes its connection. Neither Prometheus nor browsers pipeline requests.
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

/** Password checks that may wait while another runs. A further request is answered with 503. */
export const MOST_WAITING_CHECKS = 50;

/** Right passwords that are remembered, by their digest. */
export const MOST_REMEMBERED = 100;

/**
 * Scrapes that may be answered at the same time, by default. Concurrent scrapes share the rendered metrics, but
 * each holds a connection.
 */
export const MAX_REQUESTS = 100;

/**
 * A scrape that is still being answered after this time is slow: it is given up when a new scrape needs its
 * slot, or when slow scrapes hold too much memory. Prometheus has the same time as its default timeout.
 */
export const SLOW_SCRAPE = 10 * SECOND;

/**
 * Bytes that slow scrapes may hold beside those of the newest answer. The metrics change while a client reads,
 * so each slow scrape may hold outdated metrics of another moment.
 */
export const MOST_OUTDATED_BYTES = 32 * 1024 * 1024;
