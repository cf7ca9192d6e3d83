import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type PinoPretty from 'pino-pretty';

/** The structured log handed to everything that has something to say to the operator. */
export type Log = Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFormat = 'json' | 'logfmt' | 'pretty';

/** What a log needs to know of where it writes. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly destination: DestinationStream;
  /** Colours in the pretty format; no effect on the others. */
  readonly colour?: boolean;
}

/**
 * A log with the keys `level`, `time` (RFC 3339, UTC) and `msg` in JSON or logfmt, or with a line of text
 * for each entry for a terminal, in local time.
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
  // Loaded only for a terminal, so that the start of a daemon need not wait for it.
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

/** Values that need no quotes: no blank, no quote, no equals sign, nothing but visible ASCII. */
const PLAIN = /^[!#-<>-~]+$/;

/**
 * An entry of a log as a line of logfmt, as Prometheus writes it: `key=value` with a blank between. Values
 * with anything but plain letters are quoted as in JSON; lists and objects are JSON in quotes.
 */
function logfmtOf(entry: object): string {
  const pairs = Object.entries(entry).map(
    ([key, value]) => `${logfmtKey(key)}=${logfmtValue(value)}`,
  );
  return `${pairs.join(' ')}\n`;
}

/** A key with any other character than these would break the line apart. */
function logfmtKey(key: string): string {
  return key.replace(/[^\w.-]/g, '_') || '_';
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return PLAIN.test(text) ? text : JSON.stringify(text);
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
