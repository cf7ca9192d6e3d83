import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { lifetimeOf } from '../../http/lifetime.ts';
import { MOST_OUTDATED_BYTES, SLOW_SCRAPE } from '../limits.ts';

export interface ScrapeInHand {
  /** Pieces of the answer that the system has not taken yet, in the order in which they are written. */
  readonly held: Uint8Array[];
}

interface Slot extends ScrapeInHand {
  readonly response: ServerResponse;
  readonly since: number;
}

/**
 * The scrapes that are being answered. Their number is limited. A slow scrape is given up when a new scrape
 * needs its slot, or when slow scrapes hold too much memory.
 */
export class ScrapesInHand {
  readonly #most: number;
  readonly #clock: Clock;
  /** In the order in which they began. */
  readonly #slots = new Set<Slot>();

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  /** Takes a slot until the response has ended. Undefined when all slots are taken by scrapes that are not slow. */
  begin(response: ServerResponse): ScrapeInHand | undefined {
    const [oldest] = this.#slots;
    if (oldest && this.#slots.size >= this.#most) {
      if (!this.#isSlow(oldest)) return undefined;
      this.#giveUp(oldest);
    }
    const slot: Slot = { response, since: this.#clock.monotonic(), held: [] };
    this.#slots.add(slot);
    lifetimeOf(response).onEnd(() => this.#slots.delete(slot));
    return slot;
  }

  /**
   * Gives up slow scrapes, the oldest first, until the remaining ones hold few bytes besides those of the
   * newest answer. The newest slow scrape is never given up, so that a large answer can be read slowly while
   * there is no other scrape.
   *
   * @param newest pieces of the answer to the newest scrape
   */
  giveUpOutdated(newest: readonly Uint8Array[]): void {
    const slow = Array.from(this.#slots).filter((slot) => this.#isSlow(slot));
    if (slow.length === 0) return;
    // A piece may be a part of a buffer, and keeps the whole buffer in memory.
    const counted = new Set(newest.map(({ buffer }) => buffer));
    let bytes = 0;
    for (const slot of slow.reverse()) {
      const mayStay = bytes === 0;
      for (const { buffer } of slot.held) {
        if (counted.has(buffer)) continue;
        counted.add(buffer);
        bytes += buffer.byteLength;
      }
      if (bytes > MOST_OUTDATED_BYTES && !mayStay) this.#giveUp(slot);
    }
  }

  #isSlow({ since }: Slot): boolean {
    return this.#clock.monotonic() - since >= SLOW_SCRAPE;
  }

  #giveUp(slot: Slot): void {
    this.#slots.delete(slot);
    slot.response.destroy();
  }
}
