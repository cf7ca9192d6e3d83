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
    const writer = new AnswerWriter(response, scrape, clock);
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
      const written = pieces.splice(0);
      const larger = encoding === 'gzip' ? withSmallOnesJoined(written) : written;
      inHand.giveUpOutdated(larger);
      await writer.write(larger);
      if (lifetime.isOver) return;
    }
    writer.end();
  };
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

/**
 * Maximum bytes of a small piece. Node.js sends each piece as a chunk of three buffers, which takes longer than
 * copying a small piece.
 */
const SMALL = 16 * 1024;

/**
 * Copies small pieces that follow each other into one piece. Each answer holds a copy of its own until the scraper has
 * read it, so the endpoint does this only with gzip, where all pieces together are small.
 */
function withSmallOnesJoined(pieces: readonly Uint8Array[]): Uint8Array[] {
  const result: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    if (small.length > 0) result.push(Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.byteLength <= SMALL) small.push(piece);
    else {
      join();
      result.push(piece);
    }
  }
  join();
  return result;
}

/**
 * Number of bytes that are handed to the socket before the endpoint waits for the scraper. It is large enough
 * for the gzip answer for 100,000 users, because waiting for the scraper in between took longer than all other
 * work. The waiting bytes of large pieces are shared with other scrapes, not copied.
 */
const STRETCH = 4 * 1024 * 1024;

/**
 * Writes an answer as fast as the scraper reads. Each piece is released when the system has taken it, because an
 * outdated piece stays in memory only for the answers that hold it.
 */
class AnswerWriter {
  readonly #response: Response;
  /** Kept, because the response lets go of its socket when it has ended. */
  readonly #socket: Response['socket'];
  /** The pieces that the system has not taken yet. */
  readonly #held: Uint8Array[];
  readonly #clock: Clock;
  #isCorked = false;
  /** Bytes that were written since the socket was corked. */
  #corkedBytes = 0;

  constructor(response: Response, { held }: ScrapeInHand, clock: Clock) {
    this.#response = response;
    this.#socket = response.socket;
    this.#held = held;
    this.#clock = clock;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    let next = this.#held.length;
    this.#held.push(...pieces);
    for (let piece = this.#held[next]; piece; piece = this.#held[next]) {
      this.#writeCorked(piece);
      next++;
      if (this.#corkedBytes < STRETCH) continue;
      this.#uncork();
      // The system may have taken all bytes at once.
      if (this.#response.writableNeedDrain) await drained(this.#response);
      this.#held.splice(0, next);
      next = 0;
      // Other requests get a turn here, even when the scraper reads as fast as this function writes.
      await sleep(this.#clock, 0);
      if (lifetimeOf(this.#response).isOver) return;
    }
    // A few bytes wait for those that follow them.
    if (this.#corkedBytes > SMALL) this.#uncork();
  }

  end(): void {
    this.#response.end();
    this.#uncork();
  }

  /**
   * The socket is corked, so that many pieces are sent together, the headers with the first of them. The response
   * is not corked, because it would detach from its socket before it hands over the bytes it has gathered.
   */
  #writeCorked(piece: Uint8Array): void {
    if (!this.#isCorked) this.#socket?.cork();
    this.#isCorked = true;
    this.#response.write(piece);
    this.#corkedBytes += piece.byteLength;
  }

  #uncork(): void {
    if (this.#isCorked) this.#socket?.uncork();
    this.#isCorked = false;
    this.#corkedBytes = 0;
  }
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
