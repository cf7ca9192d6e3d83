import type { Clock } from '../../src/clock.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** Calls arrive up to so many milliseconds after they are sent, as if by a network. */
const STEP = 5;

/**
 * A clock for exporters that call a simulator over real sockets while a test moves time: it stands
 * still as long as a call is under way, so that each is answered in the step it is sent in. It knows
 * calls by their own timers: `timeout` must be a time that nothing else waits for.
 */
export class CallClock implements Clock {
  readonly #time = new ManualClock();
  readonly #timeout: number;
  #underWay = 0;

  constructor(timeout: number) {
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

  /** Moves time on by `ms`, a step at a time, each when no call is under way any more. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP) {
      await this.#time.advance(STEP);
      while (this.#underWay > 0) await settle();
    }
  }
}
