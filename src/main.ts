#!/usr/bin/env node
import inspector from 'node:inspector';

// Nothing of this program is imported before the end of this file's first part. Loading it takes some
// hundredths of a second, in which a signal would end the process and DEBUG would take effect.

const ending = new AbortController();
// A second SIGINT changes nothing: npm sends one of its own beside that of the terminal.
const end = (): void => ending.abort();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);

/** Undefined until the command has said how it treats SIGHUP; a SIGHUP before that is remembered. */
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

// Node.js would open its inspector at SIGUSR1, in which every local process can run code of its own; it
// would end at SIGUSR2, which other daemons use for their log files.
for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => {});
const isInspectorWanted = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((options) =>
  options.includes('--inspect'),
);
/** A SIGUSR1 may have come before the line above. */
function closeUnwantedInspector(): void {
  if (!isInspectorWanted && inspector.url() !== undefined) inspector.close();
}

/**
 * Variables that would weaken the program. With DEBUG, libraries print requests with their signatures,
 * tokens and passwords. With NODE_TLS_REJECT_UNAUTHORIZED=0, keys are fetched from any server.
 */
const ignoredVariables = ['DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED'].filter(
  (name) => (process.env[name] ?? '') !== '',
);
for (const name of ignoredVariables) delete process.env[name];

/** A daemon goes on where its output cannot be written; a command that only prints has failed then. */
let isDaemon = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isDaemon) return;
  // The reader may have seen enough, as `head` has: that is no failure.
  if (error.code !== 'EPIPE') process.stderr.write(`stdout cannot be written (${error.code})\n`);
  void leave(error.code === 'EPIPE' ? 0 : 1);
});
// There is no other place to tell that the log cannot be written. Later lines are tried again: a full
// disk may have room, and a pipe that lost its reader costs nothing.
process.stderr.on('error', () => {});

let tellDefect = (error: unknown): void => {
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`sag-app-exporter: a defect: ${text}\n`);
};
// Unhandled rejections end here too. Nothing is known to be whole any more: a restart is safer.
process.on('uncaughtException', (error) => {
  try {
    tellDefect(error);
  } finally {
    void leave(1);
  }
});

/**
 * Ends the process. `process.exit` waits for the threads in which Node.js reads files and looks names
 * up; where one of them hangs in a file system that does not answer, the process has to be ended in
 * another way.
 */
async function leave(exitCode: number): Promise<void> {
  const { isIdleSoon } = await import('./cli/process/last-moments.ts');
  if (!(await isIdleSoon(isThreadBusy))) {
    // From Node.js 22.15 on: another program takes the place of this one, and ends with the right code.
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
tellDefect = (error) => {
  process.stderr.write(`sag-app-exporter: a defect: ${describeDefect(error)}\n`);
};
const { outOfTime } = await import('./cli/process/last-moments.ts');
const tooLate = outOfTime(ending.signal);
const { run } = await import('./cli/run.ts');
closeUnwantedInspector();
const { checkLater } = await import('./cli/process/check-later.ts');
checkLater(closeUnwantedInspector);

const running = run(process.argv.slice(2), {
  env: process.env,
  ignoredVariables,
  isInspected: isInspectorWanted,
  // Only looked at where it is read: a daemon may have been started without one.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  nodeVersion: process.version,
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
    tellDefect = listener;
  },
});
const leftBehind = tooLate.then(() => {
  process.stderr.write('sag-app-exporter: ended; something still waited for a file or a server\n');
  return isDaemon ? 0 : 1;
});
const exitCode = await Promise.race([running, leftBehind]);
// Pipes are written in the background: wait until the last write has succeeded or failed.
const written = Promise.all(
  [process.stdout, process.stderr].map((to) => new Promise((told) => to.write('', told))),
);
await Promise.race([written, tooLate]);
// Timers and sockets that are still open must not keep the process.
await leave(exitCode);

/** Whether there is a process with this number. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
