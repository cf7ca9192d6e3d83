import { SECOND, systemClock } from '../../clock.ts';

/** In seconds. */
const MOMENTS = [0.1, 0.5, 2, 10, 60];

/**
 * Makes a check again some moments later. Node.js opens its inspector on a thread of its own, so on a busy machine it
 * may open some time after the signal that asked for it.
 */
export function checkLater(check: () => void): void {
  for (const moment of MOMENTS) systemClock.after(moment * SECOND, check);
}
