import type { PagingHabitsData } from '../../model/learned.ts';

export interface Page<Item> {
  /** In the API's order. An entry without its identifier is null. */
  readonly items: readonly (Item | null)[];
  /** Number of entries in the whole list, or only on this page: the API's documents contradict each other. */
  readonly totalCount: number | undefined;
  /** The page size that the server says it used. */
  readonly pageSize: number | undefined;
}

export interface Listing<Item> {
  /** Distinct by key, in the API's order. */
  readonly items: readonly Item[];
  /** Describes a contradiction that remained although the list was read again; absent when there is none. */
  readonly doubt?: string;
}

export interface ListOptions<Item> {
  /** Fetches one page, numbered from 1. */
  readonly fetch: (pageNumber: number) => Promise<Page<Item>>;
  readonly key: (item: Item) => string;
  readonly pageSize: number;
  /** The number of entries for which there is room; called for each page. A longer list is refused. */
  readonly most: () => number;
  /**
   * Whether the documents promise pages of the requested size. Otherwise the server may silently use smaller
   * pages.
   */
  readonly sizePromised?: boolean;
  /**
   * Describes the known entries or fields that are missing in this list; undefined when none is. A list with a
   * loss is believed only when a second read gives the same list.
   */
  readonly loss?: (items: readonly Item[]) => string | undefined;
  readonly habits: PagingHabits;
  /** Called after each page with the number of entries read so far and, once it is known, the total. */
  readonly onProgress?: (seen: number, expected: number | undefined) => void;
}

/** How often a list that changes while it is read is read again. After that, the newest read is used. */
const READS_AGAIN = 3;

/** Maximum number of different totals that a message names, so that it stays short. */
const MOST_TOTALS_NAMED = 10;

/** A key counts as one more entry for each 256 characters, so that long keys cannot fill the memory. */
const USUAL_KEY = 256;

/** The list does not end, or it has no entries although the replies say that it has some. */
export class ListError extends Error {
  override readonly name = 'ListError';
}

/**
 * The server's way of paging, where its documents leave it open. It is learned once per account and
 * operation, so that later lists need no extra call to find it out.
 */
export class PagingHabits implements PagingHabitsData {
  /** Whether TotalCount counts the whole list or only the page ("the number of entries returned"). */
  totalCount: 'unknown' | 'list' | 'page' = 'unknown';
  /** Whether any page had a TotalCount. If so, a later page without one is doubtful. */
  hasTotals = false;
  /** The longest page so far. The server does not limit pages to fewer entries than that. */
  longestPage = 0;

  /** @param data as an earlier process has learned it */
  constructor(data?: PagingHabitsData) {
    if (!data) return;
    this.totalCount = data.totalCount;
    this.hasTotals = data.hasTotals;
    this.longestPage = data.longestPage;
  }

  get data(): PagingHabitsData {
    const { totalCount, hasTotals, longestPage } = this;
    return { totalCount, hasTotals, longestPage };
  }

  /**
   * Learns from a page with entries.
   *
   * @param seenBefore number of distinct entries before this page
   * @param seen number of distinct entries after this page
   */
  learn(page: Page<unknown>, seenBefore: number, seen: number): void {
    const entries = page.items.length;
    this.longestPage = Math.max(this.longestPage, entries);
    if (page.totalCount === undefined) return;
    this.hasTotals = true;
    if (page.totalCount > entries) this.totalCount = 'list';
    // Only a page without known entries continues the list; a server may give the last page again.
    else if (seenBefore > 0 && seen - seenBefore === entries) this.totalCount = 'page';
  }
}

/**
 * Reads a list page by page until it is complete. It works with both meanings of TotalCount and with servers
 * that use smaller pages than requested.
 *
 * The list is read again if TotalCount counts the whole list and changes during a read, or is larger than the
 * number of distinct entries: entries that were added or removed shift the pages, so some may have been
 * missed (metrics.md, rule 3). It is also read again after a loss. Reading ends when two reads in a row are
 * equal and have the same doubt.
 *
 * @throws ListError when there are more entries than there is room for, or when the list is empty and in
 *   doubt (believing it would empty the fleet)
 * @throws every error of `fetch`
 */
export async function readList<Item>(options: ListOptions<Item>): Promise<Listing<Item>> {
  let read = await readOnce(options);
  for (let again = 0; again < READS_AGAIN && (read.doubt ?? read.loss) !== undefined; again++) {
    const before = read;
    read = await readOnce(options);
    if (!isSame(before, read)) continue;
    // Two reads agree, so the entries are really gone.
    read = { ...read, loss: undefined };
    break;
  }
  const items = [...read.items.values()];
  const doubt = read.doubt ?? read.loss;
  if (doubt !== undefined && items.length === 0) throw new ListError(doubt);
  return { items, ...(doubt !== undefined && { doubt }) };
}

interface Read<Item> {
  readonly items: ReadonlyMap<string, Item>;
  readonly doubt: string | undefined;
  readonly loss: string | undefined;
}

function isSame(one: Read<unknown>, other: Read<unknown>): boolean {
  return (
    one.doubt === other.doubt &&
    one.loss === other.loss &&
    one.items.size === other.items.size &&
    [...one.items.keys()].every((key) => other.items.has(key))
  );
}

async function readOnce<Item>(options: ListOptions<Item>): Promise<Read<Item>> {
  const { habits } = options;
  const items = new Map<string, Item>();
  const totals = new Set<number>();
  let unusable = 0;
  let withoutTotal = false;
  /** Extra room that long keys take, counted in entries. */
  let excess = 0;
  for (let pageNumber = 1; ; pageNumber++) {
    const page = await options.fetch(pageNumber);
    const before = items.size;
    const seenBefore = before + unusable;
    for (const item of page.items) {
      if (item === null) {
        unusable++;
        continue;
      }
      const key = options.key(item);
      if (items.has(key)) continue;
      items.set(key, item);
      excess += Math.floor(key.length / USUAL_KEY);
    }
    const seen = items.size + unusable;
    const most = options.most();
    if (seen + excess > most) throw new ListError(`more entries than there is room for (${most})`);
    if (page.totalCount !== undefined && !isOwnCountOfNothing(page, pageNumber, habits)) {
      totals.add(page.totalCount);
    }
    if (page.totalCount === undefined && habits.hasTotals) withoutTotal = true;
    if (page.items.length > 0) habits.learn(page, seenBefore, seen);
    options.onProgress?.(seen, habits.totalCount === 'list' ? page.totalCount : undefined);
    // A page without new entries means that the list has ended, or that the server repeats itself.
    if (items.size === before || isLast(page, seen, options)) break;
  }
  const doubt =
    doubtOf(items.size, unusable, totals, habits) ??
    (withoutTotal ? 'a page without TotalCount, which other pages had' : undefined);
  return { items, doubt, loss: options.loss?.([...items.values()]) };
}

/** Whether an empty later page has a TotalCount of 0. Until more is known, that may count only this page. */
function isOwnCountOfNothing(
  page: Page<unknown>,
  pageNumber: number,
  habits: PagingHabits,
): boolean {
  return pageNumber > 1 && page.totalCount === 0 && habits.totalCount !== 'list';
}

function isLast<Item>(page: Page<Item>, seen: number, options: ListOptions<Item>): boolean {
  const { habits, pageSize } = options;
  const complete = page.totalCount !== undefined && seen >= page.totalCount;
  if (habits.totalCount === 'list') return complete;
  const size = Math.min(pageSize, page.pageSize || pageSize);
  if (page.items.length >= size) return false;
  if (page.totalCount !== undefined && !complete && habits.totalCount !== 'page') return false;
  // A short page ends the list, unless it is the longest page so far: then the server may use smaller pages.
  return options.sizePromised === true || page.items.length < habits.longestPage;
}

function doubtOf(
  distinct: number,
  unusable: number,
  totals: ReadonlySet<number>,
  habits: PagingHabits,
): string | undefined {
  if (unusable > 0) return `entries without an identifier: ${unusable}`;
  if (habits.totalCount === 'page') return undefined;
  if (totals.size > 1) {
    const some = [...totals].slice(0, MOST_TOTALS_NAMED).join(', ');
    const more = totals.size > MOST_TOTALS_NAMED ? ', …' : '';
    return `TotalCount changed between pages (${some}${more})`;
  }
  const [total] = totals;
  if (total !== undefined && distinct < total) {
    return `TotalCount says ${total}, but only ${distinct} distinct entries arrived`;
  }
  return undefined;
}
