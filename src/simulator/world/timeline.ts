import { type Due, PriorityQueue } from './priority-queue.ts';
import type { WorldTime } from './time.ts';

interface Planned extends Due {
  readonly happen: () => void;
  readonly every: number | undefined;
}

/**
 * What will happen to a world and when. Like everything in a world it has no timer: what is due is
 * played when somebody asks, each thing as if at its own moment, so that it does not matter when and
 * how often somebody asks.
 */
export class Timeline {
  readonly #time: WorldTime;
  readonly #planned = new PriorityQueue<Planned>();
  #playing = false;

  constructor(time: WorldTime) {
    this.#time = time;
  }

  /**
   * @param at moment of the world; one that has passed happens at the next question
   * @param every how long after that it happens again, and so on; @default only once
   */
  plan(at: number, happen: () => void, every?: number): void {
    this.#planned.push({ at, happen, every });
  }

  /** Plays what is due. What it plays may ask the world again: that question waits for nothing. */
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
