import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The output and exit code of a block. */
export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** A shell that runs in the network namespace. */
export interface Shell {
  readonly ended: Promise<Ended>;
  /** Everything that it has printed so far, stdout and stderr mixed. */
  output(): string;
  /** Ends the shell and every process it has started, if it still runs. */
  stop(): Promise<void>;
}

/**
 * A network namespace that has only a loopback interface: programs in it can listen on their default ports,
 * even if the machine uses those, and reach no server outside. Needs root.
 */
export class Network {
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
  }

  static async create(): Promise<Network> {
    const script = 'ip link set lo up && echo up && exec sleep infinity';
    const keeper = spawn('unshare', ['--net', 'bash', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(keeper.stdout, 'data');
    return new Network(keeper);
  }

  /** Runs a script in bash, which ends at the first command that fails. */
  bash(
    text: string,
    { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  ): Shell {
    const child = spawn('nsenter', this.#entering('bash', '-euo', 'pipefail', '-c', text), {
      cwd,
      env,
      // A new process group, so that it can be ended as a whole.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part;
      });
    }
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
    return {
      ended,
      output: () => output,
      async stop() {
        const runs = child.exitCode === null && child.signalCode === null;
        if (runs && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        await ended;
      },
    };
  }

  /** Whether something listens on a port of the loopback interface. */
  listens(port: number): boolean {
    const probe = this.#entering('bash', '-c', `: </dev/tcp/localhost/${port}`);
    return spawnSync('nsenter', probe, { stdio: 'ignore' }).status === 0;
  }

  close(): void {
    this.#keeper.kill('SIGKILL');
  }

  #entering(...command: readonly string[]): readonly string[] {
    return [`--net=/proc/${this.#keeper.pid}/ns/net`, ...command];
  }
}
