import { type Clock, SECOND, sleep, systemClock } from '../../clock.ts';

/** The process must be gone 5 s after it was asked to end; untilEnding gives up a little earlier. */
const LAST_MOMENT = 4.3 * SECOND;

/** A file that is just being read has been read by then, unless its file system does not answer. */
const PATIENCE = 0.3 * SECOND;
const LOOK = 0.01 * SECOND;

/** Resolves when the process was asked to end and must not wait for anything any more. */
export async function outOfTime(ending: AbortSignal, clock: Clock = systemClock): Promise<void> {
  if (!ending.aborted) {
    await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
  }
  await sleep(clock, LAST_MOMENT);
}

/** Whether `isBusy` becomes false within a moment. */
export async function isIdleSoon(
  isBusy: () => boolean,
  clock: Clock = systemClock,
): Promise<boolean> {
  for (let waited = 0; isBusy() && waited < PATIENCE; waited += LOOK) await sleep(clock, LOOK);
  return !isBusy();
}
