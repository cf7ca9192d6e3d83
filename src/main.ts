#!/usr/bin/env node
import inspector from 'node:inspector';
import { fileURLToPath } from 'node:url';

// The first part of this file imports nothing else of the program. Loading the program takes some hundredths
// of a second; until the handlers below are in place, a signal would end the process, and libraries would
// obey DEBUG.

const ending = new AbortController();
// A second SIGINT has no effect: npm sends its own SIGINT in addition to that of the terminal.
const end = (): void => ending.abort();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);

/** Undefined until the command has set how it treats SIGHUP. An earlier SIGHUP is remembered. */
let onHangup: (() => void) | undefined;
let wasHungUp = false;
process.on('SIGHUP', () => {
  if (onHangup) onHangup();
  else wasHungUp = true;
});
function listenToHangup(listener: () => void): void {
  onHangup = listener;
  if (!wasHungUp) return;
  wasHungUp = false;
  listener();
}

// At SIGUSR1 Node.js would open its inspector, through which every local process can run code in this one.
// SIGUSR2, with which other daemons reopen their log files, would end the process.
for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => {});
const isInspectorWanted = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((options) =>
  options.includes('--inspect'),
);
/** A SIGUSR1 may have come before the handlers were in place. */
function closeUnwantedInspector(): void {
  if (!isInspectorWanted && inspector.url() !== undefined) inspector.close();
}

/**
 * Variables that are removed because they weaken the program. With DEBUG, libraries print requests with
 * their signatures, tokens and passwords. With NODE_TLS_REJECT_UNAUTHORIZED=0, no certificate is verified, so
 * a forged server could hand out or receive keys.
 */
const ignoredVariables = ['DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED'].filter(
  (name) => (process.env[name] ?? '') !== '',
);
for (const name of ignoredVariables) delete process.env[name];

/**
 * The variables with which systemd hands over sockets. They are removed, so that no child process takes the
 * sockets for its own.
 */
const activation = {
  LISTEN_PID: process.env['LISTEN_PID'],
  LISTEN_FDS: process.env['LISTEN_FDS'],
  LISTEN_FDNAMES: process.env['LISTEN_FDNAMES'],
};
for (const name of Object.keys(activation)) delete process.env[name];

/** A daemon continues when its output cannot be written. For any other command, this is a failure. */
let isDaemon = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isDaemon) return;
  // EPIPE is not a failure: the reader, such as `head`, has read enough.
  if (error.code !== 'EPIPE') process.stderr.write(`stdout cannot be written (${error.code})\n`);
  void leave(error.code === 'EPIPE' ? 0 : 1);
});
// A failed write to the log cannot be reported anywhere. Later lines are still written: a full disk may have
// room again, and writing to a pipe without a reader does no harm.
process.stderr.on('error', () => {});

let reportDefect = (error: unknown): void => {
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`sag-app-exporter: a defect: ${text}\n`);
};
// Unhandled rejections arrive here too. The state of the program may be broken, so a restart is safer.
process.on('uncaughtException', (error) => {
  try {
    reportDefect(error);
  } finally {
    void leave(1);
  }
});

/**
 * Ends the process. `process.exit` waits for the threads in which Node.js reads files and resolves names. If
 * one of them hangs, for example in a file system that does not answer, the process must end in another way.
 */
async function leave(exitCode: number): Promise<void> {
  // An incomplete installation may lack the file. If that were an error here, it would be handled as a defect, which
  // calls this function again, without end.
  const moments = await import('./cli/process/last-moments.ts').catch(() => undefined);
  if (moments && !(await moments.isIdleSoon(isThreadBusy))) {
    // Since Node.js 22.15: replaces this program by another one, which ends with the right exit code.
    if ('execve' in process && typeof process.execve === 'function') {
      process.execve(process.execPath, [process.execPath, '-e', `process.exit(${exitCode})`], {});
    }
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, 'SIGTERM');
  }
  process.exit(exitCode);
}

function isThreadBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => /^(?:FSReq|GetAddrInfo)/.test(name));
}

const { describeDefect } = await import('./cli/process/defect.ts');
reportDefect = (error) => {
  process.stderr.write(`sag-app-exporter: a defect: ${describeDefect(error)}\n`);
};
const { outOfTime } = await import('./cli/process/last-moments.ts');
const timeIsUp = outOfTime(ending.signal);
const { run } = await import('./cli/run.ts');
closeUnwantedInspector();
const { checkLater } = await import('./cli/process/check-later.ts');
checkLater(closeUnwantedInspector);

const running = run(process.argv.slice(2), {
  env: process.env,
  ignoredVariables,
  activation,
  isInspected: isInspectorWanted,
  // A getter, because a daemon may have been started without stdin.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  nodeVersion: process.version,
  mainFile: fileURLToPath(import.meta.url),
  pid: process.pid,
  isRunning,
  ending: ending.signal,
  onHangup: (listener) => {
    listenToHangup(listener);
    return () => listenToHangup(() => {});
  },
  begins: (command) => {
    isDaemon = command.isDaemon;
    if (!command.reloads) listenToHangup(end);
  },
  onDefect: (listener) => {
    reportDefect = listener;
  },
});
const abandoned = timeIsUp.then(() => {
  process.stderr.write(
    'sag-app-exporter: ended, although a file or a server had not answered yet\n',
  );
  return isDaemon ? 0 : 1;
});
const exitCode = await Promise.race([running, abandoned]);
// Pipes are written in the background. Wait until the last write has succeeded or failed.
const written = Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise((resolve) => stream.write('', resolve)),
  ),
);
await Promise.race([written, timeIsUp]);
// Open timers and sockets must not keep the process running.
await leave(exitCode);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
