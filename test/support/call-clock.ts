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

  /** Moves time on by `ms` in steps. Each step waits until no call is in flight. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP) {
      await this.#time.advance(STEP);
      while (this.#underWay > 0) await settle();
    }
  }
}
