import { type Clock, SECOND, sleep } from '../clock.ts';

/** A pass that has never gone well is not made to wait a whole interval; each pause doubles. */
const FIRST_RETRY = 5 * SECOND;

/** How a pass ended. */
export interface PassEnd {
  /** Whether the next pass may wait for the interval: the pass went well, or an earlier try would be of no use. */
  readonly mayWait: boolean;
  /** When its calls could begin, after it had waited for its turn, by the monotonic clock. */
  readonly startedAt: number;
}

/** What runs again and again. */
export interface Recurring {
  readonly clock: Clock;
  /** Milliseconds from start to start. */
  readonly interval: number;
  /**
   * A moment of the monotonic clock: passes but the first begin at whole intervals after it, as do
   * those of all others that share it.
   */
  readonly inStepWith?: number;
  /** Makes one pass; rejects only when the signal aborts. */
  readonly pass: (signal: AbortSignal) => Promise<PassEnd>;
  /** Told once, when a pass takes longer than the interval, how many milliseconds it took. */
  readonly onOverrun: (took: number) => void;
}

/**
 * Makes passes, the first at once, from start to start at the interval; one that takes longer is
 * followed at once by the next, so that passes never overlap. Ends when the signal aborts.
 */
export async function every(recurring: Recurring, signal: AbortSignal): Promise<void> {
  const { clock, interval, pass, onOverrun } = recurring;
  let retry: number | undefined = FIRST_RETRY;
  let toldOverrun = false;
  try {
    while (!signal.aborted) {
      const { mayWait, startedAt } = await pass(signal);
      const took = clock.monotonic() - startedAt;
      if (mayWait) retry = undefined;
      const wait =
        retry === undefined ? untilNext(recurring, startedAt) : Math.min(retry, interval);
      if (retry !== undefined) retry *= 2;
      if (took > interval && !toldOverrun) {
        toldOverrun = true;
        onOverrun(took);
      }
      await sleep(clock, Math.max(0, wait - took), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Milliseconds from a pass's start to the next's; to fall into step it takes half to one and a half intervals. */
function untilNext({ interval, inStepWith }: Recurring, startedAt: number): number {
  if (inStepWith === undefined) return interval;
  const steps = Math.round((startedAt - inStepWith) / interval) + 1;
  return inStepWith + steps * interval - startedAt;
}
