import { type Due, PriorityQueue } from './priority-queue.ts';
import type { WorldTime } from './time.ts';

interface Planned extends Due {
  readonly happen: () => void;
  readonly every: number | undefined;
}

/**
 * The planned events of a world. There is no timer: `catchUp` plays the events that are due, and fixes the
 * world's time to the moment of each event while it plays it. So it does not matter when and how often it is
 * called.
 */
export class Timeline {
  readonly #time: WorldTime;
  readonly #planned = new PriorityQueue<Planned>();
  #playing = false;

  constructor(time: WorldTime) {
    this.#time = time;
  }

  /**
   * @param at world time; an event in the past happens at the next `catchUp`
   * @param every milliseconds of world time after which the event happens again; by default it happens only
   *   once
   */
  plan(at: number, happen: () => void, every?: number): void {
    this.#planned.push({ at, happen, every });
  }

  /** Plays the events that are due. An event may call this method again, which then does nothing. */
  catchUp(): void {
    if (this.#playing) return;
    this.#playing = true;
    try {
      const now = this.#time.now();
      for (;;) {
        const next = this.#planned.peek();
        if (next === undefined || next.at > now) return;
        this.#planned.pop();
        if (next.every !== undefined) this.#planned.push({ ...next, at: next.at + next.every });
        this.#time.hold(next.at, next.happen);
      }
    } finally {
      this.#playing = false;
    }
  }
}
