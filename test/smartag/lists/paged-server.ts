import type { ListOptions, Page, PagingHabits } from '../../../src/smartag/lists/paging.ts';

/** How a server pages, where its documents leave that open. */
export interface PagedServerHabits {
  /** The most entries of a page, also when a larger page is requested. */
  readonly clamp: number;
  /** The page size that the server says it used. */
  readonly echo: 'used' | 'asked' | 'none';
  readonly totalCount: 'list' | 'page' | 'none';
  /** What the server answers after the last page. */
  readonly beyond: 'nothing' | 'last-page-again';
}

/** A server of a list that may change between its pages. */
export class PagedServer {
  readonly #habits: PagedServerHabits;
  /** The list on the server now. */
  list: string[];
  calls = 0;
  /** Runs after each page, counted from 1 over all reads. */
  afterPage: (calls: number) => void = () => {};
  /** The list when the first page was last read. */
  atStartOfRead: readonly string[] = [];
  /** The number of the call that read that first page, counted from 1 over all reads. */
  readBeganWith = 0;

  constructor(list: readonly string[], habits: PagedServerHabits) {
    this.list = [...list];
    this.#habits = habits;
  }

  /** The options of one more read of a client with these habits. */
  options(pageSize: number, habits: PagingHabits): ListOptions<string> {
    return {
      pageSize,
      habits,
      most: () => 1_000_000,
      key: (item) => item,
      fetch: async (pageNumber) => this.#page(pageNumber, pageSize),
    };
  }

  #page(pageNumber: number, asked: number): Page<string> {
    this.calls++;
    const { clamp, echo, totalCount, beyond } = this.#habits;
    if (pageNumber === 1) {
      this.atStartOfRead = [...this.list];
      this.readBeganWith = this.calls;
    }
    const size = Math.min(asked, clamp);
    const last = Math.max(1, Math.ceil(this.list.length / size));
    const page = beyond === 'last-page-again' ? Math.min(pageNumber, last) : pageNumber;
    const items = this.list.slice((page - 1) * size, page * size);
    const counts = { list: this.list.length, page: items.length, none: undefined };
    const sizes = { used: size, asked, none: undefined };
    const answer = { items, totalCount: counts[totalCount], pageSize: sizes[echo] };
    this.afterPage(this.calls);
    return answer;
  }
}

/** `count` different names. */
export function names(count: number, prefix = 'user'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
