#!/usr/bin/env node
import { run } from './cli/run.ts';

const ending = new AbortController();
// SIGHUP is left alone: it will mean reload.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  nodeVersion: process.version,
  ending: ending.signal,
});
// Whatever a stop left behind must not keep the process; both streams are written synchronously.
process.exit(exitCode);
