export interface Waiting {
  /** Items with the same key are served in order. */
  readonly key: string;
}

/** Counts the items in flight of each key, over all queues of an account. */
export class InFlight {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  begin(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
  }

  end(key: string): void {
    const left = this.of(key) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}

/**
 * A queue that serves its keys round robin, the key with the fewest items in flight first. A key with a long
 * queue, or with items that hang, does not delay the others.
 */
export class Turns<Item extends Waiting> {
  readonly #inFlight: InFlight;
  /** In the order of turns: a key that was served moves to the end. */
  readonly #queues = new Map<string, Set<Item>>();

  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight;
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  add(item: Item): void {
    const queue = this.#queues.get(item.key);
    if (queue) queue.add(item);
    else this.#queues.set(item.key, new Set([item]));
  }

  remove(item: Item): void {
    const queue = this.#queues.get(item.key);
    queue?.delete(item);
    if (queue?.size === 0) this.#queues.delete(item.key);
  }

  /** Removes and returns the item whose turn it is. */
  next(): Item | undefined {
    let chosen: string | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    // The loop ends early, because only a few keys can have items in flight.
    for (const key of this.#queues.keys()) {
      const count = this.#inFlight.of(key);
      if (count >= fewest) continue;
      chosen = key;
      fewest = count;
      if (count === 0) break;
    }
    if (chosen === undefined) return undefined;
    const queue = this.#queues.get(chosen);
    const [item] = queue ?? [];
    if (!queue || !item) return undefined;
    queue.delete(item);
    this.#queues.delete(chosen);
    if (queue.size > 0) this.#queues.set(chosen, queue);
    return item;
  }
}
