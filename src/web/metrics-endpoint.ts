import type { Request, Response } from 'express';
import { type Clock, SECOND, sleep } from '../clock.ts';
import { CONTENT_TYPES, type Encoding, type Format } from '../metrics/exposition/format.ts';
import { piecesOf } from '../metrics/exposition/scrapes.ts';
import { formatFor } from './negotiation.ts';

/** What answering scrapes needs. */
export interface MetricsEndpointOptions {
  /** The body of a scrape, part by part, each in pieces. */
  readonly scrape: (format: Format, encoding: Encoding) => AsyncIterable<readonly Uint8Array[]>;
  /** Scrapes answered at once; more are refused. */
  readonly maxRequests: number;
  /** Told how long a scrape took to answer, in seconds. */
  readonly onScrape: (seconds: number) => void;
  readonly clock: Clock;
}

/** Seconds after which a refused scraper may come again; scrapes take less. */
const RETRY_AFTER = 1;

/** Answers /metrics in the format and encoding that the scraper likes best. */
export function metricsEndpoint(options: MetricsEndpointOptions) {
  const { clock } = options;
  let inHand = 0;
  return async (request: Request, response: Response): Promise<void> => {
    if (inHand >= options.maxRequests) {
      response.status(503).set('Retry-After', String(RETRY_AFTER)).type('text/plain');
      response.send(`${options.maxRequests} scrapes are being answered already\n`);
      return;
    }
    inHand++;
    response.once('close', () => inHand--);
    const since = clock.monotonic();
    response.once('finish', () => options.onScrape((clock.monotonic() - since) / SECOND));
    const format = formatFor(request.get('accept'));
    const encoding =
      request.acceptsEncodings(['gzip', 'identity']) === 'gzip' ? 'gzip' : 'identity';
    const parts = options.scrape(format, encoding);
    // Without chunks, as some proxies ask, nothing but a length tells a whole answer from one that broke off.
    const hasChunks = request.httpVersion !== '1.0';
    for await (const pieces of hasChunks ? parts : [await piecesOf(parts)]) {
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
      await write(pieces, response, clock);
      // The scraper went away, or was sent away; there is nobody to tell.
      if (response.destroyed) return;
    }
    response.end();
  };
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

/**
 * Bytes handed to the socket before its scraper is waited for, the gzip answer for 100,000 users: to wait
 * for a turn of the scraper in between took longer than all the rest. What waits is no copy, and shared.
 */
const STRETCH = 4 * 1024 * 1024;

/** As fast as the scraper reads; the pieces are shared with other answers, so that waiting costs nothing. */
async function write(
  pieces: readonly Uint8Array[],
  response: Response,
  clock: Clock,
): Promise<void> {
  const { socket } = response;
  let bytes = 0;
  // A stretch goes out together, and the headers with the first; a response that is corked itself would
  // let go of its socket before it hands over what it has gathered.
  socket?.cork();
  for (const piece of pieces) {
    response.write(piece);
    bytes += piece.byteLength;
    if (bytes < STRETCH) continue;
    bytes = 0;
    socket?.uncork();
    // The system may have taken everything at once.
    if (response.writableNeedDrain) await drained(response);
    // As long as a scraper reads as fast as this writes, others would not get a turn.
    await sleep(clock, 0);
    if (response.destroyed) return;
    socket?.cork();
  }
  socket?.uncork();
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
