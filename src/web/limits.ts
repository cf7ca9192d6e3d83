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

/** Connections at once; more are closed when they come. Prometheus needs one or two. */
export const MOST_CONNECTIONS = 512;

/** A response that a client does not take for so long is given up. */
export const STALLED = MINUTE;

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
