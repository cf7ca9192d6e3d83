#!/usr/bin/env node
import { describeDefect } from './cli/defect.ts';
import { EXIT } from './cli/host.ts';
import { run } from './cli/run.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

// Whoever reads us may have seen enough, as `head` has: no failure, and nothing is left to be said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stdout cannot be written (${error.code})\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

let tellDefect = (error: unknown): void => {
  process.stderr.write(`sag-app-exporter: a defect: ${describeDefect(error)}\n`);
};
// Unhandled rejections end here too. Nothing is known to be whole any more: a restart is safer.
process.on('uncaughtException', (error) => {
  try {
    tellDefect(error);
  } finally {
    process.exit(EXIT.failed);
  }
});

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  // Only looked at where it is read: a daemon may have been started without one.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  nodeVersion: process.version,
  ending: ending.signal,
  // Nobody listens in a command that has nothing to reload: there SIGHUP ends the process.
  onHangup: (listener) => {
    process.on('SIGHUP', listener);
    return () => process.off('SIGHUP', listener);
  },
  onDefect: (listener) => {
    tellDefect = listener;
  },
});
// What could not be written is told after the write: by now, or never.
await new Promise((told) => process.stdout.write('', told));
// Whatever a stop left behind must not keep the process; both streams are written synchronously.
process.exit(exitCode);
