import { type Clock, SECOND, sleep, systemClock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { CommandError, type Host } from './host.ts';

/** The process must be gone after 5 s, so stops that take longer are not waited for. */
const GRACE = 4 * SECOND;

/** Waits until the process is asked to end, then stops what was started, the last first. */
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
    () => log.warn('not everything stopped in time; the rest is left behind'),
    () => {},
  );
  await Promise.race([stopped, outOfTime]).finally(() => grace.abort());
}

/**
 * Waits for a preparation, unless the process is asked to end first. A file or a server may never answer,
 * and nothing runs yet that would have to be stopped.
 *
 * @param exitCode that of a command that is ended so early
 * @throws CommandError when the process is asked to end
 */
export async function preparedUnlessEnding<Prepared>(
  { ending }: Pick<Host, 'ending'>,
  exitCode: number,
  preparing: Promise<Prepared>,
): Promise<Prepared> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(new CommandError('ended before it had begun', exitCode));
    if (ending.aborted) end();
    else ending.addEventListener('abort', end, { once: true });
  });
  return Promise.race([preparing, ended]).finally(() => ending.removeEventListener('abort', end));
}
