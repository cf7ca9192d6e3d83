import { systemClock } from '../../clock.ts';
import { CurrentWebConfig } from '../../config/web/current.ts';
import { watchFiles } from '../../exporter/config-watch.ts';
import { createExporter, type Exporter } from '../../exporter/exporter.ts';
import { reloader } from '../../exporter/reloader.ts';
import { ConfigError, formatProblem } from '../../input/problem.ts';
import type { Log } from '../../log.ts';
import type { InheritedSocket } from '../../web/server/inherited-socket.ts';
import { type Listener, listen } from '../../web/server/listen.ts';
import type { ListenAddress } from '../../web/server/listen-address.ts';
import { type ConfigSource, configSource, withCommandError } from '../config-source.ts';
import type { CommonFlags, ConfigFlags, StorageFlags, SystemdSocketFlags } from '../flags.ts';
import { buildOf } from '../process/build.ts';
import { daemonLog } from '../process/command-log.ts';
import { EXIT, type Host } from '../process/host.ts';
import { preparedUnlessEnding, untilEnding } from '../process/until-ending.ts';
import { inheritedSockets } from './inherited-sockets.ts';
import { notifyServiceManager } from './service-manager.ts';

/** Values of WEB_OPTIONS and of the listen addresses. */
export interface WebFlags {
  readonly 'web.listenAddress': readonly ListenAddress[];
  readonly 'web.telemetryPath': string;
  readonly 'web.maxRequests': number;
  readonly 'web.config.file'?: string;
  readonly 'web.enableLifecycle'?: boolean;
}

export interface ServeFlags
  extends CommonFlags,
    ConfigFlags,
    WebFlags,
    StorageFlags,
    SystemdSocketFlags {}

export async function serve(flags: ServeFlags, host: Host): Promise<number> {
  const log = await daemonLog(host, flags);
  const hasStorage = flags['storage.path'] !== undefined;
  const source = configSource(flags, host, { hasStorage });
  if (flags['web.systemdSocket']) {
    await runExporter({ source, flags, sockets: inheritedSockets(host), host, log });
    return EXIT.done;
  }
  if (host.activation.LISTEN_PID === String(host.pid)) {
    log.warn('systemd hands over sockets, which are not used without --web.systemd-socket');
  }
  await runExporter({ source, flags, host, log });
  return EXIT.done;
}

export interface RunOptions {
  readonly source: ConfigSource;
  readonly flags: WebFlags & StorageFlags;
  /** Sockets to listen on instead of the addresses of the flags. */
  readonly sockets?: readonly InheritedSocket[];
  readonly host: Host;
  readonly log: Log;
  readonly onListening?: (listener: Listener) => void;
}

/**
 * Polls and serves until the process is asked to end, then finishes open responses and aborts calls in
 * flight. Reloads the configuration at SIGHUP, when its files change, and at a POST to /-/reload if that is
 * enabled.
 */
export async function runExporter(options: RunOptions): Promise<void> {
  const { source, flags, sockets, host, log, onListening } = options;
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
    storagePath: flags['storage.path'],
    ...(flags['web.enableLifecycle'] && { reload }),
  });
  const listener = await listen(exporter.app, sockets ?? flags['web.listenAddress'], {
    gate: web && { policy: web, monotonic: () => systemClock.monotonic(), log },
  });
  const { addresses, scheme } = listener;
  for (const address of addresses) {
    log.info({ version: build.version, address, scheme }, 'listening');
  }
  onListening?.(listener);
  exporter.start();
  const stopNotifying = notifyServiceManager(`Listening on ${addresses.join(', ')}`, {
    env: host.env,
    clock: systemClock,
    log,
  });
  const stopReloading = reloadOnChanges(source, host, reload);
  await untilEnding(host.ending, log, [
    () => exporter.stop(),
    () => listener.stop(),
    stopReloading,
    stopNotifying,
  ]);
}

/** Loads the configuration and the web configuration together: if one has problems, neither is applied. */
async function loadAll(source: ConfigSource, web: CurrentWebConfig | undefined) {
  await web?.refresh();
  if (web && web.problems.length > 0) {
    // Report the problems of both files together.
    const own = await source.load().then(
      () => [],
      (error: unknown) => (error instanceof ConfigError ? error.problems : []),
    );
    throw new ConfigError([...own, ...web.problems]);
  }
  return source.load();
}

/**
 * Reloads at SIGHUP and when a file changes.
 *
 * @returns a function that stops this, and waits for a running reload
 */
function reloadOnChanges(
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

/**
 * Opens the web configuration that the flag names and logs its later changes.
 *
 * @throws CommandError with every problem of the file
 */
async function openWebConfig(
  file: string | undefined,
  log: Log,
): Promise<CurrentWebConfig | undefined> {
  if (file === undefined) return undefined;
  return withCommandError(
    CurrentWebConfig.open(file, {
      onChange: () => log.info({ file }, 'the changed web configuration is in force'),
      onRefused: (problems) =>
        log.error(
          { problems: problems.map(formatProblem) },
          'the changed web configuration cannot be used; the earlier web configuration stays in force',
        ),
    }),
  );
}
