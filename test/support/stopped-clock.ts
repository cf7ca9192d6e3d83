import { type Clock, systemClock } from '../../src/clock.ts';

/** A clock with real timers whose monotonic time moves only when a test moves it. */
export class StoppedClock implements Clock {
  /** In milliseconds. */
  time = 0;
  readonly now = systemClock.now;
  readonly after = systemClock.after;

  monotonic(): number {
    return this.time;
  }
}
