import { type Clock, SECOND, sleep, systemClock } from '../../clock.ts';

/** The process must be gone 5 s after it was asked to end. `untilEnding` gives up a little earlier. */
const TIME_TO_END = 4.3 * SECOND;

/** Long enough to finish reading a file, unless its file system does not answer. */
const PATIENCE = 0.3 * SECOND;
const CHECK_INTERVAL = 0.01 * SECOND;

/** Resolves when the time to end is used up, after the process was asked to end. */
export async function outOfTime(ending: AbortSignal, clock: Clock = systemClock): Promise<void> {
  if (!ending.aborted) {
    await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
  }
  await sleep(clock, TIME_TO_END);
}

/** Whether `isBusy` becomes false within PATIENCE. */
export async function isIdleSoon(
  isBusy: () => boolean,
  clock: Clock = systemClock,
): Promise<boolean> {
  for (let waited = 0; isBusy() && waited < PATIENCE; waited += CHECK_INTERVAL) {
    await sleep(clock, CHECK_INTERVAL);
  }
  return !isBusy();
}
