import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type PinoPretty from 'pino-pretty';

export type Log = Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'logfmt' | 'pretty';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly destination: DestinationStream;
  /** Colours in the pretty format; the other formats have none. */
  readonly colour?: boolean;
}

/**
 * Creates a log. JSON and logfmt entries have the keys `level`, `time` (RFC 3339, UTC) and `msg`; the pretty
 * format has a line of text in local time for each entry.
 */
export function createLog({ level, format, destination, colour = false }: LogOptions): Log {
  const base = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
  };
  if (format === 'json') return pino(base, destination);
  if (format === 'logfmt') {
    return pino(base, { write: (line) => destination.write(logfmtOf(JSON.parse(line))) });
  }
  // Loaded only when needed, because loading it makes the start slower.
  const pretty: typeof PinoPretty = createRequire(import.meta.url)('pino-pretty');
  const lines = pretty({
    colorize: colour,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l o',
    singleLine: true,
    destination: streamTo(destination),
    sync: true,
  });
  return pino(base, lines);
}

/** Values that need no quotes: visible ASCII characters except blanks, quotes and equals signs. */
const PLAIN = /^[!#-<>-~]+$/;

/**
 * Formats an entry as Prometheus writes logfmt: `key=value` pairs with blanks between them. Values that are
 * not plain are quoted as in JSON; lists and objects become JSON in quotes.
 */
function logfmtOf(entry: object): string {
  const pairs = Object.entries(entry).map(
    ([key, value]) => `${logfmtKey(key)}=${logfmtValue(value)}`,
  );
  return `${pairs.join(' ')}\n`;
}

/** Replaces characters that would make a parser split the line in the wrong place. */
function logfmtKey(key: string): string {
  return key.replace(/[^\w.-]/g, '_') || '_';
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return PLAIN.test(text) ? text : JSON.stringify(text);
}

/** Drops the other fields of an error, such as a request: they may hold secrets. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  return { type: name, message, stack };
}

/** Adapts a destination to the stream that pino-pretty needs. */
function streamTo(destination: DestinationStream): Writable {
  return new Writable({
    decodeStrings: false,
    write(line, _encoding, done) {
      destination.write(String(line));
      done();
    },
  });
}

/** A log that writes nothing, for tests and for commands with an output of their own. */
export function silentLog(): Log {
  return pino({ enabled: false });
}
