import type { Clock } from '../../src/clock.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** The longest time that a call takes to arrive, in ms, as on a network. */
const STEP = 5;

/**
 * A clock for exporters that call a simulator over real sockets while a test moves time. It stands still
 * while a call is in flight, so that each call is answered in the step in which it is sent. It recognizes
 * calls by their timers, so nothing else may wait for exactly `timeout` ms.
 */
export class CallClock implements Clock {
  readonly #time: ManualClock;
  readonly #timeout: number;
  #underWay = 0;

  /** @param start milliseconds since the epoch; by default that of a ManualClock */
  constructor(timeout: number, start?: number) {
    this.#time = new ManualClock(start);
    this.#timeout = timeout;
  }

  now(): number {
    return this.#time.now();
  }

  monotonic(): number {
    return this.#time.monotonic();
  }

  after(ms: number, callback: () => void): () => void {
    if (ms !== this.#timeout) return this.#time.after(ms, callback);
    let isUnderWay = true;
    this.#underWay++;
    const end = (): void => {
      if (isUnderWay) this.#underWay--;
      isUnderWay = false;
    };
    const cancel = this.#time.after(ms, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  }

  /** Moves time on by `ms` in steps, or fires the timers that are due. Each step waits until no call is in flight. */
  async advance(ms: number): Promise<void> {
    let passed = 0;
    do {
      await this.#time.advance(Math.min(STEP, ms));
      while (this.#underWay > 0) await settle();
      passed += STEP;
    } while (passed < ms);
  }
}
