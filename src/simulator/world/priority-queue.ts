import TinyQueue from 'tinyqueue';

export interface Due {
  readonly at: number;
}

interface Entry<T> {
  readonly item: T;
  readonly order: number;
}

/** Returns the earliest item first. Items that are due at the same moment leave in the order in which they came. */
export class PriorityQueue<T extends Due> {
  readonly #heap = new TinyQueue<Entry<T>>([], compare);
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** Returns the earliest item and leaves it in the queue. */
  peek(): T | undefined {
    return this.#heap.peek()?.item;
  }

  push(item: T): void {
    this.#heap.push({ item, order: this.#order++ });
  }

  pop(): T | undefined {
    return this.#heap.pop()?.item;
  }
}

function compare(a: Entry<Due>, b: Entry<Due>): number {
  return a.item.at - b.item.at || a.order - b.order;
}
