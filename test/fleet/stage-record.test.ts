import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/clock.ts';
import { StageRecord } from '../../src/fleet/stage-record.ts';
import { StoredTimes } from '../../src/fleet/stored-times.ts';
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

describe('the record of a stage after a restart', () => {
  const INTERVAL = 30 * SECOND;

  /** Passes begin each 30 s. The process ends 10 s after the newest, and is down for 2 s. */
  async function restarted(ends: (record: StageRecord) => void, quiet = 10 * SECOND) {
    const { clock, record } = clockAndRecord(INTERVAL);
    record.begin();
    await clock.advance(4 * SECOND);
    record.succeed();
    await clock.advance(26 * SECOND);
    record.begin();
    ends(record);
    await clock.advance(quiet);
    const times = new StoredTimes(clock);
    const data = structuredClone(record.data(times));
    const later = new ManualClock(clock.now() + 2 * SECOND);
    const stored = { data, times: new StoredTimes(later, times.writtenAt) };
    return { clock: later, record: new StageRecord(later, INTERVAL, { stored }) };
  }

  it('shows what the earlier record showed', async () => {
    const { record } = await restarted((before) =>
      before.fail(failure('timeout', { code: 'Timeout' })),
    );
    expect(record).toMatchObject({ ended: 'badly', lastSuccess: START + 4, lastDuration: 4 });
    expect(record.lastError).toMatchObject({
      kind: 'timeout',
      code: 'Timeout',
      message: 'DescribeRegions: Timeout: failed before the exporter was restarted',
    });
    expect([record.hasEnded, record.progress, record.failures.size]).toEqual([false, 1, 0]);
  });

  it('is stale when the earlier record would be stale now', async () => {
    const { clock, record } = await restarted((before) => before.fail(failure('timeout')));
    // 38 s have passed since the success.
    await clock.advance(26 * SECOND);
    expect(record.isStale(0)).toBe(false);
    await clock.advance(1);
    expect(record.isStale(0)).toBe(true);
  });

  it.each<[string, (before: StageRecord) => void]>([
    ['succeeded', (before) => before.succeed()],
    ['failed', (before) => before.fail(failure('timeout'))],
    ['was given up', (before) => before.abandon()],
    ['was in progress', () => {}],
  ])('resumes from the newest start when that pass %s', async (_, ends) => {
    const { record } = await restarted(ends);
    expect(record.resumesFrom).toBe(-12 * SECOND);
    record.begin();
    expect(record.resumesFrom).toBeUndefined();
  });

  it.each<[string, (before: StageRecord) => void, quiet?: number]>([
    ['credentials were refused', (before) => before.fail(failure('unauthenticated'))],
    ['two intervals have passed', (before) => before.succeed(), MINUTE],
  ])('is due at once when %s', async (_, ends, quiet) => {
    const { record } = await restarted(ends, quiet);
    expect(record.resumesFrom).toBeUndefined();
  });

  it('is due at once when the settings have changed, and counts as never read', async () => {
    const { record } = await restarted((before) => before.succeed());
    record.expire();
    expect(record).toMatchObject({
      ended: 'never',
      resumesFrom: undefined,
      lastSuccess: START + 30,
    });
  });

  it('is not changed by the settings once a pass has begun in this process', async () => {
    const { record } = await restarted((before) => before.succeed());
    record.begin();
    record.expire();
    expect(record.ended).toBe('well');
  });
});
