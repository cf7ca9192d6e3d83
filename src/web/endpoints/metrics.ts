import type { Request, Response } from 'express';
import { type Clock, SECOND, sleep } from '../../clock.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import { CONTENT_TYPES, type Encoding, type Format } from '../../metrics/exposition/format.ts';
import { piecesOf } from '../../metrics/exposition/scrapes.ts';
import { formatFor } from './negotiation.ts';
import { type ScrapeInHand, ScrapesInHand } from './scrapes-in-hand.ts';

export interface MetricsEndpointOptions {
  /** The body of a scrape: several parts, each a list of pieces. The endpoint removes the pieces from the list. */
  readonly scrape: (format: Format, encoding: Encoding) => AsyncIterable<Uint8Array[]>;
  /** Scrapes that may be answered at the same time; a further scrape is refused. */
  readonly maxRequests: number;
  /** Called after each scrape with the seconds that its answer took. */
  readonly onScrape: (seconds: number) => void;
  readonly clock: Clock;
}

/** Seconds after which a refused scraper may try again. A scrape usually takes less. */
const RETRY_AFTER = 1;

/** Answers a scrape in the format and encoding that the scraper prefers. */
export function metricsEndpoint(options: MetricsEndpointOptions) {
  const { clock } = options;
  const inHand = new ScrapesInHand(options.maxRequests, clock);
  return async (request: Request, response: Response): Promise<void> => {
    const scrape = inHand.begin(response);
    if (!scrape) {
      response.status(503).set('Retry-After', String(RETRY_AFTER)).type('text/plain');
      response.send(`${options.maxRequests} scrapes are being answered already\n`);
      return;
    }
    const lifetime = lifetimeOf(response);
    const since = clock.monotonic();
    response.once('finish', () => options.onScrape((clock.monotonic() - since) / SECOND));
    const format = formatFor(request.get('accept'));
    const encoding =
      request.acceptsEncodings(['gzip', 'identity']) === 'gzip' ? 'gzip' : 'identity';
    const parts = options.scrape(format, encoding);
    // Some proxies use HTTP/1.0, which has no chunks. With HTTP/1.0, only Content-Length shows that an answer
    // is complete.
    const hasChunks = request.httpVersion !== '1.0';
    for await (const pieces of hasChunks ? parts : [await piecesOf(parts)]) {
      // The scraper has closed the connection, or the scrape was given up as too slow.
      if (lifetime.isOver) return;
      if (!response.headersSent) {
        response.set({
          'Content-Type': CONTENT_TYPES[format],
          Vary: 'Accept, Accept-Encoding',
          'Cache-Control': 'no-store',
          ...(encoding === 'gzip' && { 'Content-Encoding': 'gzip' }),
          ...(!hasChunks && { 'Content-Length': String(bytesOf(pieces)) }),
        });
      }
      if (request.method === 'HEAD') break;
      inHand.giveUpOutdated(pieces);
      await write(pieces, scrape, response, clock);
      if (lifetime.isOver) return;
    }
    response.end();
  };
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

/**
 * Number of bytes that are handed to the socket before the endpoint waits for the scraper. It is large enough
 * for the gzip answer for 100,000 users, because waiting for the scraper in between took longer than all other
 * work. The waiting bytes are shared with other scrapes, not copied.
 */
const STRETCH = 4 * 1024 * 1024;

/**
 * Writes as fast as the scraper reads, and empties the list of pieces. Each piece is released when the system
 * has taken it, because an outdated piece stays in memory only for the answers that hold it.
 */
async function write(
  pieces: Uint8Array[],
  { held }: ScrapeInHand,
  response: Response,
  clock: Clock,
): Promise<void> {
  const { socket } = response;
  const lifetime = lifetimeOf(response);
  let next = held.length;
  held.push(...pieces.splice(0));
  let bytes = 0;
  // The socket is corked, so that many pieces are sent together, the headers with the first of them. The
  // response is not corked, because it would detach from its socket before it hands over the bytes it has
  // gathered.
  socket?.cork();
  for (let piece = held[next]; piece; piece = held[next]) {
    response.write(piece);
    next++;
    bytes += piece.byteLength;
    if (bytes < STRETCH) continue;
    bytes = 0;
    socket?.uncork();
    // The system may have taken all bytes at once.
    if (response.writableNeedDrain) await drained(response);
    held.splice(0, next);
    next = 0;
    // Other requests get a turn here, even when the scraper reads as fast as this function writes.
    await sleep(clock, 0);
    if (lifetime.isOver) return;
    socket?.cork();
  }
  socket?.uncork();
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    let withdraw = (): void => {};
    const done = (): void => {
      response.off('drain', done);
      withdraw();
      resolve();
    };
    response.on('drain', done);
    withdraw = lifetimeOf(response).onEnd(done);
  });
}
