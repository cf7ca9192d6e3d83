import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The compiled program, as `npm run build` leaves it. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A running program. */
export interface Program {
  readonly child: ChildProcess;
  /** The output so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Sends the signal and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code when the program has ended. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts a program. Its environment has only PATH of this process, and `env`.
 *
 * @param inherited files of this process that the program gets as file descriptors 3, 4 and so on
 */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inherited: readonly (number | Socket)[] = [],
): Program {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...inherited],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return {
    child,
    output,
    ended,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts the compiled command line of the exporter. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  return startProgram(process.execPath, [MAIN, ...args], env);
}

/** The log lines a program has written, oldest first. */
export function logLines(program: Program): readonly Readonly<Record<string, unknown>>[] {
  return program.output.stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The log line with this message. @throws Error while there is none */
export function logLine(program: Program, message: string): Readonly<Record<string, unknown>> {
  const line = logLines(program).find(({ msg }) => msg === message);
  if (!line) throw new Error(`no "${message}" yet: ${program.output.stderr}`);
  return line;
}

/** The base URL in the log line that says the command listens. @throws Error while there is none */
export function urlOf(program: Program): string {
  const line = logLine(program, 'listening');
  return `${String(line['scheme'] ?? 'http')}://${String(line['address'])}`;
}

/** A port that is free on the loopback interface now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
