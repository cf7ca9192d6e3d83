import { SECOND, systemClock } from '../../clock.ts';

const DELAYS_SECONDS = [0.1, 0.5, 2, 10, 60];

/**
 * Repeats a check of the inspector. Node.js opens its inspector on a thread of its own, which on a busy
 * machine may happen some time after the signal that asked for it.
 */
export function checkLater(check: () => void): void {
  for (const delay of DELAYS_SECONDS) systemClock.after(delay * SECOND, check);
}
