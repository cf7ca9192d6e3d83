/** What of the process a command may use; main hands it in. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Version of Node.js. */
  readonly nodeVersion: string;
  /** Aborts when the process is asked to end (SIGTERM, SIGINT). */
  readonly ending: AbortSignal;
  /** Has `listener` called at each SIGHUP, until what is returned is called. */
  onHangup(listener: () => void): () => void;
  /** Has `listener` told of an error nobody handled, just before the process ends with 1. */
  onDefect(listener: (error: unknown) => void): void;
}

/** A stream a command reads from. */
export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
}

/** A stream a command writes to. */
export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
}

/** What a command was used wrongly for, or could not do; told without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The process's exit codes (documented in docs/). */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
