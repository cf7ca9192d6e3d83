import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino } from 'pino';
import type PinoPretty from 'pino-pretty';

/** The structured log handed to everything that has something to say to the operator. */
export type Log = Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'pretty';

/** What a log needs to know of where it writes. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly destination: DestinationStream;
  /** Colours in the pretty format; no effect on JSON. */
  readonly colour?: boolean;
}

/** A log in pino's own JSON (`level`, `time`, `msg`), or one line of text per entry for a terminal. */
export function createLog(options: LogOptions): Log {
  const base = { level: options.level, base: null, serializers: { err: errorFields } };
  if (options.format === 'json') return pino(base, options.destination);
  // Loaded only for a terminal, so that the start of a daemon need not wait for it.
  const pretty: typeof PinoPretty = createRequire(import.meta.url)('pino-pretty');
  const lines = pretty({
    colorize: options.colour ?? false,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    destination: streamTo(options.destination),
    sync: true,
  });
  return pino(base, lines);
}

/** Of an error only these: other fields of it, a request for instance, may hold secrets. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  return { type: name, message, stack };
}

/** What can only write, as a stream: the formatter of lines pipes into its destination. */
function streamTo(destination: DestinationStream): Writable {
  return new Writable({
    decodeStrings: false,
    write(line, _encoding, done) {
      destination.write(String(line));
      done();
    },
  });
}

/** A log that says nothing, for tests and for commands whose output is something else. */
export function silentLog(): Log {
  return pino({ enabled: false });
}
