import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { type ListenAddress, listen } from '../web/listen.ts';
import { buildOf } from './build.ts';
import { configOf } from './config-of.ts';
import { createExporter } from './exporter.ts';
import { type CommonFlags, logOf } from './flags.ts';
import { EXIT, type Host } from './host.ts';
import { untilEnding } from './until-ending.ts';

/** Flags of serve. */
export interface ServeFlags extends CommonFlags {
  readonly 'config.file'?: string;
  readonly 'web.listenAddress': ListenAddress;
  readonly 'web.telemetryPath': string;
  readonly 'web.maxRequests': number;
}

/** The daemon: runs until the process is asked to end. */
export async function serve(flags: ServeFlags, host: Host): Promise<number> {
  const log = logOf(host, flags);
  const config = await configOf(flags, host);
  await runExporter({ config, flags, host, log });
  return EXIT.done;
}

/** What running the daemon needs. */
export interface RunOptions {
  readonly config: Config;
  readonly flags: Omit<ServeFlags, keyof CommonFlags | 'config.file'>;
  readonly host: Host;
  readonly log: Log;
  /** Told the port once it listens. */
  readonly onListening?: (port: number) => void;
}

/**
 * Polls and serves until the process is asked to end, then finishes the responses in hand and
 * aborts the calls in flight.
 */
export async function runExporter(options: RunOptions): Promise<void> {
  const { config, flags, host, log, onListening } = options;
  const build = buildOf(host);
  const exporter = await createExporter({
    config,
    env: host.env,
    clock: systemClock,
    random: Math.random,
    log,
    build,
    telemetryPath: flags['web.telemetryPath'],
    maxRequests: flags['web.maxRequests'],
  });
  const listener = await listen(exporter.app, flags['web.listenAddress']);
  log.info({ version: build.version, address: listener.address }, 'listening');
  onListening?.(listener.port);
  exporter.start();
  await untilEnding(host.ending, log, [() => exporter.stop(), () => listener.stop()]);
}
