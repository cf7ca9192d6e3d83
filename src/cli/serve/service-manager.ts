import { execFile } from 'node:child_process';
import { type Clock, SECOND, sleep } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Host } from '../process/host.ts';

/** Sends assignments such as `READY=1` to the service manager. */
export type Notify = (assignments: readonly string[]) => Promise<void>;

/** What telling a service manager needs. */
export interface ServiceManagerOptions {
  readonly env: Host['env'];
  readonly clock: Clock;
  readonly log: Log;
  /** @default by systemd-notify */
  readonly notify?: Notify;
}

/**
 * Tells the service manager that the service is up, if one has asked for it (NOTIFY_SOCKET), and then,
 * if it watches (WATCHDOG_USEC), twice in each interval that the event loop still turns.
 *
 * @param status one line that `systemctl status` shows
 * @returns ends the watching
 */
export function tellServiceManager(
  status: string,
  { env, clock, log, notify = bySystemdNotify(env) }: ServiceManagerOptions,
): () => Promise<void> {
  if (!env['NOTIFY_SOCKET']) return async () => {};
  const stopping = new AbortController();
  const tell = async (assignments: readonly string[]): Promise<void> => {
    try {
      await notify(assignments);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'the service manager asks to be told, and could not be');
    }
  };
  const telling = (async () => {
    await tell(['READY=1', `STATUS=${status}`]);
    const interval = watchInterval(env);
    while (interval !== undefined && !stopping.signal.aborted) {
      await sleep(clock, interval, stopping.signal).catch(() => {});
      if (!stopping.signal.aborted) await tell(['WATCHDOG=1']);
    }
  })();
  return async () => {
    stopping.abort();
    await telling;
  };
}

/** Milliseconds between two signs of life; undefined when nobody watches. */
function watchInterval({ WATCHDOG_USEC: microseconds = '' }: Host['env']): number | undefined {
  return /^[1-9]\d*$/.test(microseconds) ? (Number(microseconds) / 1e6 / 2) * SECOND : undefined;
}

/** For systemd-notify, which waits until the service manager has heard. */
const PATIENCE = 10 * SECOND;

/**
 * By systemd's own program: Node.js has no datagram sockets of Unix, and the packages that have are
 * compiled where they are installed.
 */
function bySystemdNotify({ NOTIFY_SOCKET = '', PATH = '' }: Host['env']): Notify {
  return (assignments) =>
    new Promise((resolve, reject) => {
      execFile(
        'systemd-notify',
        [...assignments],
        { env: { NOTIFY_SOCKET, PATH }, timeout: PATIENCE },
        (error) => (error ? reject(error) : resolve()),
      );
    });
}
