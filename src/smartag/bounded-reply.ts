import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';

/**
 * Counts what is read of a reply, as it comes and as it unfolds where its reader pipes it into a
 * decompressor. When either becomes more than `most` bytes the reading ends with an error, and
 * `onExceeded` is told. By itself this reads nothing: it counts only what the reader takes.
 */
export function boundReply(reply: IncomingMessage, most: number, onExceeded: () => void): void {
  const bound = (stream: Readable): void => {
    let bytes = 0;
    const count = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes <= most) return;
      stream.off('data', count);
      onExceeded();
      stream.destroy(new Error(`a reply of more than ${most} bytes`));
    };
    // A listener for data before there is a reader would have the first pieces flow past it.
    stream.once('resume', () => stream.on('data', count));
  };
  bound(reply);
  const pipe = reply.pipe.bind(reply);
  reply.pipe = (destination, options) => {
    if (destination instanceof Transform) bound(destination);
    return pipe(destination, options);
  };
}
