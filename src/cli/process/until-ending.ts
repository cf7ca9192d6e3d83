import { type Clock, SECOND, sleep, systemClock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { CommandError, type Host } from './host.ts';

/** The process must be gone 5 s after it was asked to end. So the shutdown does not wait for slower stops. */
const GRACE = 4 * SECOND;

/**
 * Waits until the process is asked to end, then calls the stops in reverse order, one after another.
 * src/main.ts aborts `ending` at SIGTERM and SIGINT. Each daemon lists its stops (serve/serve.ts); the stop of a
 * listener finishes the responses that are being sent (web/server/connections.ts).
 */
export async function untilEnding(
  ending: AbortSignal,
  log: Log,
  stops: readonly (() => Promise<void>)[],
  clock: Clock = systemClock,
): Promise<void> {
  if (!ending.aborted) {
    await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
  }
  log.info('stopping');
  const stopped = (async () => {
    for (const stop of [...stops].reverse()) await stop();
  })();
  const grace = new AbortController();
  const outOfTime = sleep(clock, GRACE, grace.signal).then(
    () => log.warn('stopping took too long; the rest is left behind'),
    () => {},
  );
  await Promise.race([stopped, outOfTime]).finally(() => grace.abort());
}

/**
 * Waits for a preparation, such as reading a file that may never answer, unless the process is asked to
 * end first. Nothing has started yet that must be stopped.
 *
 * @param exitCode for a command that is ended this early
 * @throws CommandError when the process is asked to end
 */
export async function preparedUnlessEnding<Prepared>(
  { ending }: Pick<Host, 'ending'>,
  exitCode: number,
  preparing: Promise<Prepared>,
): Promise<Prepared> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new CommandError('ended before it started', exitCode));
    if (ending.aborted) end();
    else ending.addEventListener('abort', end, { once: true });
  });
  return Promise.race([preparing, ended]).finally(() => ending.removeEventListener('abort', end));
}
