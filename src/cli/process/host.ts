/** What a command may use of the process. main.ts hands it in; tests hand in a fake. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Environment variables that were set and removed from `env`, because they weaken the program. */
  readonly ignoredVariables: readonly string[];
  /** The variables with which systemd hands over sockets (sd_listen_fds(3)), removed from `env`. */
  readonly activation: Activation;
  /** Whether Node.js was started with its inspector, through which other programs can run code here. */
  readonly isInspected: boolean;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly nodeVersion: string;
  /** Path of the file with which the process was started. */
  readonly mainFile: string;
  readonly pid: number;
  isRunning(pid: number): boolean;
  /** Aborts at SIGTERM and SIGINT. */
  readonly ending: AbortSignal;
  /** Called before a command runs. */
  begins(command: CommandKind): void;
  /**
   * Calls `listener` at each SIGHUP, and at once if one came earlier. The returned function stops that;
   * from then on SIGHUP is ignored.
   */
  onHangup(listener: () => void): () => void;
  /** Calls `listener` with an unhandled error, just before the process ends with 1. */
  onDefect(listener: (error: unknown) => void): void;
}

export interface Activation {
  /** The process for which the sockets are. */
  readonly LISTEN_PID?: string | undefined;
  /** The number of sockets. Their file descriptors begin at 3. */
  readonly LISTEN_FDS?: string | undefined;
  /** Their names, with colons between them. */
  readonly LISTEN_FDNAMES?: string | undefined;
}

/** How a command treats signals and failed writes to its output. */
export interface CommandKind {
  /** Runs until it is asked to end. A failed write to stdout does not end it. */
  readonly isDaemon: boolean;
  /** Reloads its configuration at SIGHUP. Any other command ends at SIGHUP. */
  readonly reloads: boolean;
}

export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
}

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
  /** Bytes written that the reader has not taken yet. */
  readonly writableLength?: number;
}

/** Wrong usage, or a failure that the user can understand: its message is printed, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit codes of the process, documented in docs/commands.md. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
