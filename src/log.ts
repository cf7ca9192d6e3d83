import { pino, stdTimeFunctions } from 'pino';
import { stackOf } from './source-positions.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Writes one entry: the fields that it is about, and a message. */
interface WriteEntry {
  (message: string): void;
  (fields: object, message?: string): void;
}

/** The part of pino's logger that the program uses. The types of `./simulator` need no types of pino. */
export interface Log extends Readonly<Record<LogLevel | 'fatal', WriteEntry>> {
  /** A log whose entries all have these fields. */
  child(fields: object): Log;
  isLevelEnabled(level: LogLevel): boolean;
}

export interface LogDestination {
  write(line: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'json' | 'logfmt';
  readonly destination: LogDestination;
}

/** Creates a log. Its entries have the keys `level`, `time` (RFC 3339, UTC) and `msg`. */
export function createLog({ level, format, destination }: LogOptions): Log {
  const base = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
  };
  if (format === 'json') return pino(base, destination);
  return pino(base, { write: (line) => destination.write(logfmtOf(JSON.parse(line))) });
}

/** Values that need no quotes: visible ASCII characters except blanks, quotes and equals signs. */
const PLAIN = /^[!#-<>-~]+$/;

/** Control characters that JSON does not escape. Some terminals would obey them. */
const UNESCAPED_CONTROLS = /[\u007f-\u009f]/g;

/**
 * Formats an entry in the logfmt that Prometheus writes and Loki reads: `key=value` pairs with blanks between
 * them. Values that are not plain are quoted as in JSON; lists and objects become JSON in quotes.
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
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text).replace(
    UNESCAPED_CONTROLS,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/** Drops the other fields of an error, such as a request: they may hold secrets. */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, stack: stackOf(error) };
}

/** A log that writes nothing, for tests and for commands with an output of their own. */
export function silentLog(): Log {
  return pino({ enabled: false });
}
