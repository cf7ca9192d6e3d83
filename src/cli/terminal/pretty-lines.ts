import { Writable } from 'node:stream';
import pretty from 'pino-pretty';
import type { LogDestination } from '../../log.ts';

/** Turns each entry of a log in JSON into a line of text with the local time, and writes it to `destination`. */
export function prettyLines(
  destination: LogDestination,
  { colour }: { readonly colour: boolean },
): LogDestination {
  return pretty({
    colorize: colour,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l o',
    singleLine: true,
    destination: new Writable({
      decodeStrings: false,
      write(line, _encoding, done) {
        destination.write(String(line));
        done();
      },
    }),
    sync: true,
  });
}
