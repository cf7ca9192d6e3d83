#!/usr/bin/env node
import { run } from './cli/run.ts';

const ending = new AbortController();
// SIGHUP is left alone: it will mean reload.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

// Whoever reads us may have seen enough, as `head` has: no failure, and nothing is left to be said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stdout cannot be written (${error.code})\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
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
});
// What could not be written is told after the write: by now, or never.
await new Promise((told) => process.stdout.write('', told));
// Whatever a stop left behind must not keep the process; both streams are written synchronously.
process.exit(exitCode);
