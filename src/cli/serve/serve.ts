import { systemClock } from '../../clock.ts';
import type { CurrentWebConfig } from '../../config/web/current.ts';
import { watchFiles } from '../../exporter/config-watch.ts';
import { createExporter, type Exporter } from '../../exporter/exporter.ts';
import { reloader } from '../../exporter/reloader.ts';
import { ConfigError } from '../../input/problem.ts';
import type { Log } from '../../log.ts';
import { type Listener, listen } from '../../web/listen.ts';
import type { ListenAddress } from '../../web/listen-address.ts';
import { type ConfigSource, configSource, withCommandError } from '../config-source.ts';
import type { CommonFlags, ConfigFlags } from '../flags.ts';
import { buildOf } from '../process/build.ts';
import { daemonLog } from '../process/command-log.ts';
import { EXIT, type Host } from '../process/host.ts';
import { preparedUnlessEnding, untilEnding } from '../process/until-ending.ts';
import { tellServiceManager } from './service-manager.ts';
import { openWebConfig } from './web-config.ts';

/** Flags of how the daemon is reached. */
export interface WebFlags {
  readonly 'web.listenAddress': readonly ListenAddress[];
  readonly 'web.telemetryPath': string;
  readonly 'web.maxRequests': number;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle'?: boolean;
}

/** Flags of serve. */
export interface ServeFlags extends CommonFlags, ConfigFlags, WebFlags {}

/** The daemon: runs until the process is asked to end. */
export async function serve(flags: ServeFlags, host: Host): Promise<number> {
  const log = daemonLog(host, flags);
  await runExporter({ source: configSource(flags, host), flags, host, log });
  return EXIT.done;
}

/** What running the daemon needs. */
export interface RunOptions {
  readonly source: ConfigSource;
  readonly flags: WebFlags;
  readonly host: Host;
  readonly log: Log;
  /** Told once it listens. */
  readonly onListening?: (listener: Listener) => void;
}

/**
 * Polls and serves until the process is asked to end, then finishes the responses in hand and
 * aborts the calls in flight. The configuration is read again at SIGHUP, when its files change, and
 * when asked by HTTP where that is enabled.
 */
export async function runExporter(options: RunOptions): Promise<void> {
  const { source, flags, host, log, onListening } = options;
  const build = buildOf(host);
  const prepared = <Prepared>(preparing: Promise<Prepared>): Promise<Prepared> =>
    preparedUnlessEnding(host, EXIT.done, preparing);
  const config = await prepared(withCommandError(source.load()));
  const web = await prepared(openWebConfig(flags['web.config.file'], log));
  const reload = reloader({
    load: () => loadAll(source, web),
    apply: (next) => exporter.apply(next),
    refused: (problems) => exporter.refused(problems),
    log,
  });
  const exporter: Exporter = await createExporter({
    config,
    env: host.env,
    clock: systemClock,
    random: Math.random,
    log,
    build,
    telemetryPath: flags['web.telemetryPath'],
    maxRequests: flags['web.maxRequests'],
    ...(flags['web.enableLifecycle'] && { reload }),
  });
  const listener = await listen(exporter.app, flags['web.listenAddress'], {
    gate: web && { policy: web, monotonic: () => systemClock.monotonic(), log },
  });
  const { addresses, scheme } = listener;
  for (const address of addresses) {
    log.info({ version: build.version, address, scheme }, 'listening');
  }
  onListening?.(listener);
  exporter.start();
  const stopTelling = tellServiceManager(`Listening on ${addresses.join(', ')}`, {
    env: host.env,
    clock: systemClock,
    log,
  });
  const stopReloading = reloadWhenWanted(source, host, reload);
  await untilEnding(host.ending, log, [
    () => exporter.stop(),
    () => listener.stop(),
    stopReloading,
    stopTelling,
  ]);
}

/** A configuration is in force as a whole, so a bad web configuration refuses it too. */
async function loadAll(source: ConfigSource, web: CurrentWebConfig | undefined) {
  await web?.refresh();
  if (web && web.problems.length > 0) {
    // What is wrong with both is told at once.
    const own = await source.load().then(
      () => [],
      (error: unknown) => (error instanceof ConfigError ? error.problems : []),
    );
    throw new ConfigError([...own, ...web.problems]);
  }
  return source.load();
}

/** Reloads at SIGHUP and when a file changed; what it returns ends that, and waits for a reload. */
function reloadWhenWanted(
  source: ConfigSource,
  host: Host,
  reload: () => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const stopListening = host.onHangup(() => {
    last = reload();
  });
  const watching = watchFiles(
    { clock: systemClock, files: () => source.files, onChange: reload },
    stopping.signal,
  );
  return async () => {
    stopListening();
    stopping.abort();
    await Promise.all([watching, last]);
  };
}
