import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { StoredTimes } from '../../src/fleet/stored-times.ts';
import { START } from '../support/fleet-bench.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** Stores a moment 10 s before the writing, and reads it in a process that is 3 s old. */
async function readAfter(down: number) {
  const writing = new ManualClock();
  await writing.advance(40 * SECOND);
  const written = new StoredTimes(writing);
  const stored = written.toStored(30 * SECOND);
  const reading = new ManualClock(writing.now() + down - 3 * SECOND);
  await reading.advance(3 * SECOND);
  const read = new StoredTimes(reading, written.writtenAt);
  return { stored, read, age: (reading.monotonic() - read.toMonotonic(stored)) / SECOND };
}

describe('a stored time', () => {
  it('is a wall time of the moment of writing', async () => {
    expect((await readAfter(0)).stored).toBe(START + 30);
  });

  it.each([
    ['is as old as when it was written, right after the writing', 0, 10, true],
    ['is older by the time since the writing', MINUTE, 70, true],
    ['is not younger when the clock has gone back', -HOUR, 10, false],
  ])('%s', async (_, down, age, isDowntimeKnown) => {
    const after = await readAfter(down);
    expect(after.age).toBeCloseTo(age);
    expect(after.read.isDowntimeKnown).toBe(isDowntimeKnown);
  });

  it('is not in the future, even if the file says so', async () => {
    const { read } = await readAfter(0);
    expect(read.toMonotonic(START + 1e6)).toBe(3 * SECOND);
  });

  it('has at most milliseconds', () => {
    const clock = { now: () => 1.5, monotonic: () => 0.3, after: () => () => {} };
    const times = new StoredTimes(clock);
    expect(times.toStored(0.1)).toBe(0.001);
  });
});
