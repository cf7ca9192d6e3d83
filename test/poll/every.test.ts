import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND, sleep } from '../../src/clock.ts';
import { every } from '../../src/poll/every.ts';
import { ManualClock } from '../support/manual-clock.ts';

interface Plan {
  /** Milliseconds that each pass takes; the last value is repeated. */
  readonly takes: readonly number[];
  /** Whether each pass succeeds; the last value is repeated. */
  readonly mayWait?: readonly boolean[];
  readonly interval: number;
  readonly inStepWith?: number;
  readonly resumesFrom?: number;
}

/** Runs passes for the given time and returns when each began, in seconds. */
async function startsOf({ takes, mayWait = [true], ...schedule }: Plan, duration: number) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const starts: number[] = [];
  const overruns: number[] = [];
  let running = 0;
  let mostAtOnce = 0;
  const ended = every(
    {
      ...schedule,
      clock,
      pass: async (signal) => {
        const startedAt = clock.monotonic();
        const nth = starts.push(startedAt / SECOND) - 1;
        running++;
        mostAtOnce = Math.max(mostAtOnce, running);
        await sleep(clock, takes[nth] ?? takes.at(-1) ?? 0, signal);
        running--;
        return { mayWait: mayWait[nth] ?? mayWait.at(-1) ?? true, startedAt };
      },
      onOverrun: (took) => overruns.push(took),
    },
    stop.signal,
  );
  await clock.advance(duration);
  stop.abort();
  await ended;
  return { starts, overruns, mostAtOnce, pending: clock.pending };
}

describe('every', () => {
  it('makes the first pass at once and the next ones from start to start', async () => {
    const { starts } = await startsOf({ takes: [4 * SECOND], interval: 30 * SECOND }, 2 * MINUTE);
    expect(starts).toEqual([0, 30, 60, 90, 120]);
  });

  it('makes the next pass at once after one that takes longer than the interval, and reports that once', async () => {
    const run = await startsOf({ takes: [45 * SECOND], interval: 30 * SECOND }, 3 * MINUTE);
    expect(run.starts).toEqual([0, 45, 90, 135, 180]);
    expect(run.overruns).toEqual([45 * SECOND]);
    expect(run.mostAtOnce).toBe(1);
  });

  it('retries sooner while no pass has succeeded, with pauses that double up to the interval', async () => {
    const plan = { takes: [0], mayWait: [false], interval: 30 * SECOND };
    const { starts } = await startsOf(plan, 2 * MINUTE);
    expect(starts).toEqual([0, 5, 15, 35, 65, 95]);
  });

  it('waits the whole interval after a failure once it has succeeded', async () => {
    const plan = { takes: [0], mayWait: [true, false], interval: 30 * SECOND };
    const { starts } = await startsOf(plan, MINUTE);
    expect(starts).toEqual([0, 30, 60]);
  });

  it('gets in step with others that share a beginning, and stays in step', async () => {
    const plan = { takes: [0], interval: 30 * SECOND, inStepWith: -42 * SECOND };
    const { starts } = await startsOf(plan, 2 * MINUTE);
    expect(starts).toEqual([0, 18, 48, 78, 108]);
  });

  it.each<[string, { readonly resumesFrom: number; readonly inStepWith?: number }, number[]]>([
    ['an interval after the earlier process began one', { resumesFrom: -12 }, [18, 48, 78]],
    ['at once when that time is over', { resumesFrom: -90 }, [0, 30, 60, 90]],
    ['in step', { resumesFrom: -12, inStepWith: -14.5 }, [15.5, 45.5, 75.5]],
    ['at once, and gets in step', { resumesFrom: -90, inStepWith: -20 }, [0, 40, 70]],
  ])('makes the first pass after a restart %s', async (_, times, expected) => {
    const { resumesFrom, inStepWith } = times;
    const plan = {
      takes: [0],
      // The earlier process has succeeded, so a failure waits for the whole interval.
      mayWait: [false],
      interval: 30 * SECOND,
      resumesFrom: resumesFrom * SECOND,
      ...(inStepWith !== undefined && { inStepWith: inStepWith * SECOND }),
    };
    const { starts } = await startsOf(plan, 95 * SECOND);
    expect(starts).toEqual(expected);
  });

  it('ends during a pass or a pause, and leaves no timer', async () => {
    const inPass = await startsOf({ takes: [MINUTE], interval: 30 * SECOND }, 10 * SECOND);
    const inPause = await startsOf({ takes: [0], interval: 30 * SECOND }, 10 * SECOND);
    expect([inPass.pending, inPause.pending]).toEqual([0, 0]);
  });
});
