import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { StageRecord } from '../../src/fleet/stage-record.ts';
import { failure, START } from '../support/fleet-bench.ts';
import { ManualClock } from '../support/manual-clock.ts';

const clockAndRecord = (interval = 30 * SECOND) => {
  const clock = new ManualClock();
  return { clock, record: new StageRecord(clock, interval) };
};

describe('the record of a stage', () => {
  it('is empty before the first pass', () => {
    const { record } = clockAndRecord();
    expect(record.ended).toBe('never');
    expect(record.lastSuccess).toBeUndefined();
    expect(record.lastDuration).toBeUndefined();
    expect(record.lastError).toBeUndefined();
    expect(record.progress).toBe(1);
    expect(record.failures.size).toBe(0);
  });

  it('keeps when and how long the last success was while later passes fail', async () => {
    const { clock, record } = clockAndRecord();
    record.begin();
    await clock.advance(3 * SECOND);
    record.succeed();
    record.begin();
    await clock.advance(9 * SECOND);
    record.fail(failure('timeout'));
    expect(record.ended).toBe('badly');
    expect(record.lastSuccess).toBe(START + 3);
    expect(record.lastDuration).toBe(3);
    expect(record.lastError?.kind).toBe('timeout');
  });

  it('drops the error and keeps the count of failures after the next success', () => {
    const { record } = clockAndRecord();
    record.fail(failure('timeout'));
    record.fail(failure('throttled'));
    record.fail(failure('timeout'));
    record.begin();
    record.succeed();
    expect(record.ended).toBe('well');
    expect(record.lastError).toBeUndefined();
    expect([...record.failures]).toEqual([
      ['timeout', 2],
      ['throttled', 1],
    ]);
  });

  it('shows the progress of the running pass between 0 and 1, and 1 when idle', () => {
    const { record } = clockAndRecord();
    record.begin();
    expect(record.progress).toBe(0);
    record.advance(0.4);
    expect(record.progress).toBe(0.4);
    record.advance(1.7);
    expect(record.progress).toBe(1);
    record.advance(-1);
    expect(record.progress).toBe(0);
    record.fail(failure('timeout'));
    expect(record.progress).toBe(1);
  });

  it('counts a pass that was given up neither as success nor as failure', () => {
    const { record } = clockAndRecord();
    record.begin();
    record.abandon();
    expect(record.ended).toBe('never');
    expect(record.progress).toBe(1);
    expect(record.failures.size).toBe(0);
  });
});

describe('the data of a stage is stale', () => {
  /** Makes a pass that takes `took` milliseconds, then lets `quiet` milliseconds pass without success. */
  async function isStale(
    times: { readonly interval: number; readonly staleAfter: number; readonly took: number },
    quiet: number,
  ): Promise<boolean> {
    const { clock, record } = clockAndRecord(times.interval);
    record.begin();
    await clock.advance(times.took);
    record.succeed();
    await clock.advance(quiet);
    record.begin();
    record.fail(failure('timeout'));
    return record.isStale(times.staleAfter);
  }

  it.each([
    ['stale_after where that is longest', 30 * SECOND, 15 * MINUTE, 10 * SECOND, 15 * MINUTE],
    ['twice the interval and the last pass', 10 * MINUTE, 15 * MINUTE, MINUTE, 21 * MINUTE],
    ['that also with a short stale_after', SECOND, SECOND, 5 * SECOND, 7 * SECOND],
    [
      'a long pass and a short interval',
      SECOND,
      15 * MINUTE,
      20 * MINUTE,
      20 * MINUTE + 2 * SECOND,
    ],
  ])('only after %s', async (_, interval, staleAfter, took, bound) => {
    const times = { interval, staleAfter, took };
    expect(await isStale(times, bound)).toBe(false);
    expect(await isStale(times, bound + 1)).toBe(true);
  });

  it('but not because the system clock was set', async () => {
    let wall = START * SECOND;
    const manual = new ManualClock();
    const clock = {
      now: () => wall,
      monotonic: () => manual.monotonic(),
      after: manual.after.bind(manual),
    };
    const record = new StageRecord(clock, SECOND);
    record.begin();
    record.succeed();
    wall += 365 * 24 * 60 * MINUTE;
    expect(record.isStale(15 * MINUTE)).toBe(false);
  });

  it('even if no pass has ever succeeded', async () => {
    const { clock, record } = clockAndRecord();
    await clock.advance(MINUTE + 1);
    expect(record.isStale(SECOND)).toBe(true);
  });
});
