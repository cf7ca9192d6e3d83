import { Readable } from 'node:stream';
import type { Host, Input } from '../../src/cli/process/host.ts';

/** A line of a JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Whether a line has the level `warn` or worse. */
export const isComplaint = (line: LogLine): boolean => line['level'] === 'warn' || isError(line);

/** Whether a line has the level `error` or worse. */
export const isError = ({ level }: LogLine): boolean => level === 'error' || level === 'fatal';

/** Stands in for the process: hands a command its arguments and environment, and records its output. */
export class FakeHost implements Host {
  readonly env: Host['env'];
  readonly ignoredVariables: string[] = [];
  readonly activation: Host['activation'];
  readonly isInspected = false;
  readonly nodeVersion = 'v20.0.0';
  readonly mainFile = '/nowhere/main.js';
  readonly pid = 1;
  readonly #ending = new AbortController();
  #out = '';
  #err = '';
  readonly stdout = {
    write: (text: string): void => {
      this.#out += text;
    },
  };
  readonly stderr: Host['stderr'];
  readonly stdin: Input;

  constructor(
    env: Host['env'] = {},
    options: {
      readonly isTTY?: boolean;
      readonly stdin?: string | Input;
      readonly activation?: Host['activation'];
    } = {},
  ) {
    const { stdin = '', activation = {}, ...ofStderr } = options;
    this.env = env;
    this.activation = activation;
    this.stdin = typeof stdin === 'string' ? Readable.from([stdin]) : stdin;
    this.stderr = {
      write: (text) => {
        this.#err += text;
      },
      ...ofStderr,
    };
  }

  readonly #hangups = new Set<() => void>();

  onHangup(listener: () => void): () => void {
    this.#hangups.add(listener);
    return () => this.#hangups.delete(listener);
  }

  onDefect(): void {}

  begins(): void {}

  isRunning(): boolean {
    return false;
  }

  /** The number of listeners for SIGHUP. */
  get hangupListeners(): number {
    return this.#hangups.size;
  }

  /** Sends SIGHUP. */
  hangUp(): void {
    for (const listener of this.#hangups) listener();
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Everything written to stdout so far. */
  get out(): string {
    return this.#out;
  }

  /** Everything written to stderr so far. */
  get err(): string {
    return this.#err;
  }

  /** The lines of JSON on stderr. */
  get log(): readonly LogLine[] {
    return this.#err
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** The base URL of the server that logged its address. @throws Error while none has */
  get url(): string {
    const line = this.log.find(({ msg }) => msg === 'listening');
    if (!line) throw new Error(`not listening yet: ${this.#err}`);
    return `${String(line['scheme'] ?? 'http')}://${String(line['address'])}`;
  }

  /** Asks the command to stop, as SIGTERM does. */
  end(): void {
    this.#ending.abort();
  }
}
