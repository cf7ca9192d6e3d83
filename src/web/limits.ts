import { MINUTE, SECOND } from '../clock.ts';

/** What a connection may take, so that slow or greedy clients leave room for others. */
export const HTTP_LIMITS = {
  /** Bytes of a request's headers; more is answered with 431. */
  maxHeaderSize: 16 * 1024,
  /** For the headers of a request, or before a new connection says anything; then 408. */
  headersTimeout: 10 * SECOND,
  /** For a request with its body, which nothing here needs. */
  requestTimeout: 20 * SECOND,
  /** How often those two are looked at. */
  connectionsCheckingInterval: 2 * SECOND,
  /** Longer than the usual scrape interval: a new handshake of TLS for each scrape costs more. */
  keepAliveTimeout: 75 * SECOND,
} as const;

/** Headers of a request that are looked at; the rest is dropped. */
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
 * A whole response that takes longer is broken off, so that a slow client does not hold it for ever. Prometheus
 * waits for at most one interval, and with more than two minutes between scrapes its graphs
 * have gaps.
 */
export const LONGEST_ANSWER = 2 * MINUTE;

/** For the handshake of TLS. */
export const HANDSHAKE_TIMEOUT = 10 * SECOND;

/** Password checks that wait while another is made; more are answered with 503. */
export const MOST_WAITING_CHECKS = 50;

/** Passwords remembered as right, by their digest. */
export const MOST_REMEMBERED = 100;

/**
 * Scrapes answered at once, unless configured. Many scrapers share what is rendered; each still holds
 * a connection.
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
