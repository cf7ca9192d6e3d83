/** What of the process a command may use; main hands it in. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of variables that were set, and taken out of `env` because they weaken the program. */
  readonly ignoredVariables: readonly string[];
  /** Whether a flag of Node.js opened its inspector, in which other programs can run code. */
  readonly isInspected: boolean;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Version of Node.js. */
  readonly nodeVersion: string;
  /** The number of this process. */
  readonly pid: number;
  /** Whether there is a process with this number. */
  isRunning(pid: number): boolean;
  /** Aborts when the process is asked to end (SIGTERM, SIGINT). */
  readonly ending: AbortSignal;
  /** Called before a command runs, with how it treats signals and output that cannot be written. */
  begins(command: CommandKind): void;
  /**
   * Calls `listener` at each SIGHUP, and at once if one came before. The returned function ends that: from
   * then on SIGHUP is ignored.
   */
  onHangup(listener: () => void): () => void;
  /** Calls `listener` with an unhandled error, just before the process ends with 1. */
  onDefect(listener: (error: unknown) => void): void;
}

/** How a command treats signals and output that cannot be written. */
export interface CommandKind {
  /** Runs until it is asked to end; output that cannot be written does not end it. */
  readonly isDaemon: boolean;
  /** Listens to SIGHUP; any other command is ended by it. */
  readonly reloads: boolean;
}

/** A stream a command reads from. */
export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
}

/** A stream a command writes to. */
export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
  /** Bytes that were written and that the reader has not taken yet. */
  readonly writableLength?: number;
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
