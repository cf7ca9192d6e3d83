import { type Clock, SECOND, sleep } from '../clock.ts';

/**
 * The first pause while no pass has succeeded yet, instead of a whole interval. Each further pause is twice
 * as long.
 */
const FIRST_RETRY = 5 * SECOND;

export interface PassEnd {
  /**
   * Whether to wait for the whole interval before the next pass: this pass succeeded, or an earlier pass would
   * fail too.
   */
  readonly mayWait: boolean;
  /** Monotonic time at which the pass began, after it had waited for the account's gate. */
  readonly startedAt: number;
}

export interface Recurring {
  readonly clock: Clock;
  /** Milliseconds from the start of a pass to the start of the next. */
  readonly interval: number;
  /**
   * A monotonic time. Passes after the first begin at whole intervals after it, so that stages with the same
   * value begin their passes together.
   */
  readonly inStepWith?: number;
  /**
   * Monotonic time at which the newest pass of an earlier process began. The first pass begins when the next
   * one of that process would have begun. @default the first pass begins at once
   */
  readonly resumesFrom?: number | undefined;
  /** Makes one pass; rejects only when the signal aborts. */
  readonly pass: (signal: AbortSignal) => Promise<PassEnd>;
  /** Called for the first pass that takes longer than the interval, with its milliseconds. */
  readonly onOverrun: (took: number) => void;
}

/**
 * Makes passes at an interval, measured from start to start, until the signal aborts. Passes never overlap: when a pass takes longer than the interval, the next begins as soon as it
 * has ended.
 */
export async function every(recurring: Recurring, signal: AbortSignal): Promise<void> {
  const { clock, interval, resumesFrom, pass, onOverrun } = recurring;
  let retry: number | undefined = FIRST_RETRY;
  let hasOverrun = false;
  try {
    if (resumesFrom !== undefined) {
      retry = undefined;
      const due = resumesFrom + untilNext(recurring, resumesFrom);
      await sleep(clock, Math.max(0, due - clock.monotonic()), signal);
    }
    while (!signal.aborted) {
      const { mayWait, startedAt } = await pass(signal);
      const took = clock.monotonic() - startedAt;
      if (mayWait) retry = undefined;
      const wait =
        retry === undefined ? untilNext(recurring, startedAt) : Math.min(retry, interval);
      if (retry !== undefined) retry *= 2;
      if (took > interval && !hasOverrun) {
        hasOverrun = true;
        onOverrun(took);
      }
      await sleep(clock, Math.max(0, wait - took), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * Milliseconds from the start of a pass to the next. Between 0.5 and 1.5 intervals, so that the passes get in
 * step.
 */
function untilNext({ interval, inStepWith }: Recurring, startedAt: number): number {
  if (inStepWith === undefined) return interval;
  const steps = Math.round((startedAt - inStepWith) / interval) + 1;
  return inStepWith + steps * interval - startedAt;
}
