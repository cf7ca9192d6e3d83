import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { type Clock, passedInSlices } from '../../clock.ts';
import { BYTE_ORDER_MARK, CSV_TYPE, csvLine } from '../../csv.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import type { InstanceId } from '../../model/instance.ts';
import { MOST_DOWNLOADS } from '../limits.ts';
import { userCsvColumns } from '../status/user-columns.ts';
import type { NoListing, UserListing } from '../status/user-listing.ts';

/** The lines of so many users are made in one step. They take one or two milliseconds. */
const USERS_PER_PIECE = 200;

/** Seconds after which a refused download may be tried again. A download usually takes less. */
const RETRY_AFTER = 5;

const STATUS: Readonly<Record<NoListing['reason'], number>> = {
  invalid: 400,
  hidden: 403,
  // As for /-/ready: it cannot be answered yet.
  later: 503,
};

/** Answers with the users of an instance as CSV, piece by piece. */
export class UsersCsv {
  readonly #clock: Clock;
  /** The responses that are being sent. */
  readonly #downloads = new Set<Response>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param listing undefined when there is no such instance */
  async answer(
    request: Request,
    response: Response,
    { instanceId }: InstanceId,
    listing: UserListing | NoListing | undefined,
  ): Promise<void> {
    if (listing === undefined) {
      response.status(404).type('text/plain').send('No such instance\n');
      return;
    }
    if ('reason' in listing) {
      const { reason, text } = listing;
      response
        .status(STATUS[reason])
        .type('text/plain')
        .send(`${text.replaceAll('`', '')}\n`);
      return;
    }
    if (!this.#begin(response)) {
      response.status(503).set('Retry-After', String(RETRY_AFTER)).type('text/plain');
      response.send(`${MOST_DOWNLOADS} lists are being sent already\n`);
      return;
    }
    const isZipped = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
    response.attachment(`users-${instanceId}.csv`);
    response.set({
      'Content-Type': CSV_TYPE,
      Vary: 'Accept-Encoding',
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
    });
    if (request.method === 'HEAD') response.end();
    else await this.#send(request, response, listing, isZipped);
  }

  #begin(response: Response): boolean {
    if (this.#downloads.size >= MOST_DOWNLOADS) return false;
    this.#downloads.add(response);
    lifetimeOf(response).onEnd(() => this.#downloads.delete(response));
    return true;
  }

  async #send(
    request: Request,
    response: Response,
    listing: UserListing,
    isZipped: boolean,
  ): Promise<void> {
    const lines = Readable.from(passedInSlices(this.#clock, piecesOf(listing)));
    const zip = isZipped ? [createGzip({ level: constants.Z_BEST_SPEED })] : [];
    // Some proxies use HTTP/1.0, which has no chunks. With HTTP/1.0, only Content-Length shows that an answer is
    // complete.
    const sink: Writable = request.httpVersion === '1.0' ? sendWhole(response) : response;
    try {
      await pipeline([lines, ...zip, sink]);
    } catch (error) {
      // The client has closed the connection.
      if (!lifetimeOf(response).isOver) throw error;
    }
  }
}

function* piecesOf({ users, privacy, hasTraffic, statusOf }: UserListing): Generator<string> {
  const columns = userCsvColumns(privacy, hasTraffic);
  yield BYTE_ORDER_MARK + csvLine(columns.map(({ name }) => name));
  for (let at = 0; at < users.length; at += USERS_PER_PIECE) {
    const piece = users.slice(at, at + USERS_PER_PIECE).map(statusOf);
    yield piece.map((user) => csvLine(columns.map(({ cell }) => cell(user)))).join('');
  }
}

/** Sends everything that is written to it at once. */
function sendWhole(response: Response): Writable {
  const pieces: Uint8Array[] = [];
  return new Writable({
    write: (piece: Uint8Array, _encoding, done) => {
      pieces.push(piece);
      done();
    },
    final: (done) => {
      const whole = Buffer.concat(pieces);
      response.set('Content-Length', String(whole.byteLength)).end(whole);
      done();
    },
  });
}
