import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY, passedInSlices, SECOND, sleep, systemClock } from '../src/clock.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

describe('sleep', () => {
  it('resolves when the time has passed, not before', async () => {
    const clock = new ManualClock();
    let isAwake = false;
    const sleeping = sleep(clock, SECOND).then(() => {
      isAwake = true;
    });
    await clock.advance(SECOND - 1);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    await sleeping;
  });

  it('rejects with the reason of the signal as soon as it aborts, and leaves no timer', async () => {
    const clock = new ManualClock();
    const ending = new AbortController();
    const sleeping = sleep(clock, DAY, ending.signal);
    ending.abort(new Error('the end'));
    await expect(sleeping).rejects.toThrow('the end');
    expect(clock.pending).toBe(0);
  });

  it('does not begin when the signal has aborted before', async () => {
    const clock = new ManualClock();
    const aborted = AbortSignal.abort(new Error('the end'));
    await expect(sleep(clock, DAY, aborted)).rejects.toThrow('the end');
    expect(clock.pending).toBe(0);
  });

  it('leaves nothing on a signal that lives on', async () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const sleeping = sleep(clock, SECOND, signal);
    await clock.advance(SECOND);
    await sleeping;
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives the wall time and a time that goes forward', () => {
    const before = systemClock.monotonic();
    vi.advanceTimersByTime(SECOND);
    expect(systemClock.now()).toBe(Date.UTC(2026, 0, 1) + SECOND);
    expect(systemClock.monotonic() - before).toBe(SECOND);
  });

  it('calls back once, when the time has passed', () => {
    const callback = vi.fn();
    systemClock.after(SECOND, callback);
    vi.advanceTimersByTime(SECOND - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('calls back as soon as it can for a time that is past', () => {
    const callback = vi.fn();
    systemClock.after(-SECOND, callback);
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('does not call back what was cancelled', () => {
    const callback = vi.fn();
    systemClock.after(SECOND, callback)();
    vi.advanceTimersByTime(DAY);
    expect(callback).not.toHaveBeenCalled();
  });

  it('waits longer than a timer can, and can be cancelled in the middle of that', () => {
    const patient = vi.fn();
    const cancelled = vi.fn();
    systemClock.after(60 * DAY, patient);
    const cancel = systemClock.after(60 * DAY, cancelled);
    vi.advanceTimersByTime(30 * DAY);
    cancel();
    vi.advanceTimersByTime(30 * DAY - 1);
    expect(patient).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(patient).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });
});

describe('items passed in slices', () => {
  it('come in their order, and other work gets a turn between slices', async () => {
    const begun = systemClock.monotonic();
    const order: (number | string)[] = [];
    function* slowItems() {
      for (let item = 0; item < 3; item++) {
        while (systemClock.monotonic() < begun + 10 * (item + 1)) {
          // Takes time.
        }
        yield item;
      }
    }
    setImmediate(() => order.push('other work'));
    for await (const item of passedInSlices(systemClock, slowItems())) order.push(item);
    expect(order).toEqual([0, 'other work', 1, 2]);
  });

  it('need no turn while they take no time', async () => {
    const clock = new ManualClock();
    const passed: string[] = [];
    for await (const item of passedInSlices(clock, ['a', 'b', 'c'])) passed.push(item);
    expect(passed).toEqual(['a', 'b', 'c']);
    expect(clock.pending).toBe(0);
  });
});

describe('the clock of the tests', () => {
  it('fires timers in the order of their time, those set on the way too', async () => {
    const clock = new ManualClock();
    const fired: [string, number][] = [];
    const note = (name: string) => () => {
      fired.push([name, clock.monotonic()]);
    };
    clock.after(30, note('late'));
    clock.after(10, () => {
      note('early')();
      clock.after(10, note('set on the way'));
    });
    clock.after(10, note('as early'));
    await clock.advance(25);
    await settle();
    expect(fired).toEqual([
      ['early', 10],
      ['as early', 10],
      ['set on the way', 20],
    ]);
    expect(clock.pending).toBe(1);
  });
});
