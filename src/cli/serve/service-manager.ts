import { execFile } from 'node:child_process';
import { type Clock, SECOND, sleep } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Host } from '../process/host.ts';

/** Sends assignments such as `READY=1` to the service manager. */
export type Notify = (assignments: readonly string[]) => Promise<void>;

export interface ServiceManagerOptions {
  readonly env: Host['env'];
  readonly clock: Clock;
  readonly log: Log;
  /** @default runs systemd-notify */
  readonly notify?: Notify;
}

/**
 * Notifies the service manager (systemd) that the service is ready, if NOTIFY_SOCKET is set. If WATCHDOG_USEC
 * is set too, sends a sign of life from the event loop twice in each such interval.
 *
 * @param status one line that `systemctl status` shows
 * @returns a function that stops the signs of life
 */
export function notifyServiceManager(
  status: string,
  { env, clock, log, notify = systemdNotify(env) }: ServiceManagerOptions,
): () => Promise<void> {
  if (!env['NOTIFY_SOCKET']) return async () => {};
  const stopping = new AbortController();
  const send = async (assignments: readonly string[]): Promise<void> => {
    try {
      await notify(assignments);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason }, 'the service manager could not be notified');
    }
  };
  const sending = (async () => {
    await send(['READY=1', `STATUS=${status}`]);
    const interval = watchdogInterval(env);
    while (interval !== undefined && !stopping.signal.aborted) {
      await sleep(clock, interval, stopping.signal).catch(() => {});
      if (!stopping.signal.aborted) await send(['WATCHDOG=1']);
    }
  })();
  return async () => {
    stopping.abort();
    await sending;
  };
}

/** Milliseconds between two signs of life; undefined without a watchdog. */
function watchdogInterval({ WATCHDOG_USEC: microseconds = '' }: Host['env']): number | undefined {
  return /^[1-9]\d*$/.test(microseconds) ? (Number(microseconds) / 1e6 / 2) * SECOND : undefined;
}

/** Time limit for systemd-notify, which waits until the service manager has received the message. */
const PATIENCE = 10 * SECOND;

/**
 * Sends by systemd's own program. Node.js has no Unix datagram sockets, and packages that add them must be
 * compiled during installation.
 */
function systemdNotify({ NOTIFY_SOCKET = '', PATH = '' }: Host['env']): Notify {
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
