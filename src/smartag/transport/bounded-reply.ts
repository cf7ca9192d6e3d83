import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';

/** Bytes of a reply, unfolded; a page of 100 users has some 50 kB. */
const LARGEST_REPLY = 64 * 2 ** 20;

/**
 * Values in a reply. A page of 100 users has some thousand; the SDK core's parser takes two seconds
 * and 200 MB for a million, in which nothing else is done.
 */
const MOST_VALUES = 250_000;

/** What begins a value in JSON, or parts it from the next. */
const [COMMA, BRACKET, BRACE] = Buffer.from(',[{');

/** Bytes of the replies that are being read or parsed, of all calls that share it together. */
export class RepliesInHand {
  #bytes = 0;

  /** @returns whether that is still few enough */
  take(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= LARGEST_REPLY;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * Counts what is read of a reply, unfolded where its reader pipes it into a decompressor. When it
 * becomes too large, or too much to parse, the reading ends with an error and `onExceeded` is told
 * why. By itself this reads nothing: it counts only what the reader takes.
 *
 * @returns to be called when the reply has been parsed or given up
 */
export function boundReply(
  reply: IncomingMessage,
  inHand: RepliesInHand,
  onExceeded: (why: string) => void,
): () => void {
  let held = 0;
  let values = 0;
  const bound = (stream: Readable): (() => void) => {
    const count = (piece: Buffer): void => {
      held += piece.length;
      values += valuesIn(piece);
      const areFew = inHand.take(piece.length);
      if (areFew && values <= MOST_VALUES) return;
      stream.off('data', count);
      if (values > MOST_VALUES) onExceeded(`a reply of more than ${MOST_VALUES} values`);
      else if (held > LARGEST_REPLY) onExceeded('a reply of more than 64 MiB');
      else onExceeded('replies of more than 64 MiB together');
      stream.destroy(new Error('the reply is too large'));
    };
    // A listener for data before there is a reader would have the first pieces flow past it.
    const begin = (): void => void stream.on('data', count);
    stream.once('resume', begin);
    return () => stream.off('resume', begin).off('data', count);
  };
  let unbind = bound(reply);
  const pipe = reply.pipe.bind(reply);
  reply.pipe = (destination, options) => {
    if (destination instanceof Transform) {
      unbind();
      unbind = bound(destination);
    }
    return pipe(destination, options);
  };
  return () => {
    unbind();
    inHand.release(held);
  };
}

function valuesIn(piece: Buffer): number {
  let values = 0;
  for (const byte of piece) if (byte === COMMA || byte === BRACKET || byte === BRACE) values++;
  return values;
}
