import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';

/** Maximum size of a decompressed reply, in bytes. A page of 100 users has about 50 kB. */
const LARGEST_REPLY = 64 * 2 ** 20;

/**
 * Maximum number of values in a reply. A page of 100 users has some thousand values. For a million values,
 * the SDK core's parser takes 200 MB and two seconds, during which the program can do nothing else.
 */
const MOST_VALUES = 250_000;

/** Bytes that begin a value in JSON, or that separate a value from the next. */
const [COMMA, BRACKET, BRACE] = Buffer.from(',[{');

/** Counts the bytes of all replies that are being read or parsed. */
export class RepliesInHand {
  #bytes = 0;

  /** @returns whether the sum is within the limit */
  take(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= LARGEST_REPLY;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * Counts the bytes and values of a reply while its reader reads it. If the reader sends the reply through a
 * decompressor, the decompressed bytes are counted. When there are too many, `onExceeded` gets the reason and
 * reading ends with an error.
 *
 * @returns a function to call when the reply has been parsed or given up
 */
export function boundReply(
  reply: IncomingMessage,
  inHand: RepliesInHand,
  onExceeded: (why: string) => void,
): () => void {
  let held = 0;
  let values = 0;
  const bound = (stream: Readable): (() => void) => {
    const count = (chunk: Buffer): void => {
      held += chunk.length;
      values += valuesIn(chunk);
      const areFew = inHand.take(chunk.length);
      if (areFew && values <= MOST_VALUES) return;
      stream.off('data', count);
      if (values > MOST_VALUES) onExceeded(`a reply of more than ${MOST_VALUES} values`);
      else if (held > LARGEST_REPLY) onExceeded('a reply of more than 64 MiB');
      else onExceeded('replies of more than 64 MiB together');
      stream.destroy(new Error('the reply is too large'));
    };
    // The listener must be added after the reader's: a data listener added earlier would make the reader miss
    // the first chunks.
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

function valuesIn(chunk: Buffer): number {
  let values = 0;
  for (const byte of chunk) if (byte === COMMA || byte === BRACKET || byte === BRACE) values++;
  return values;
}
