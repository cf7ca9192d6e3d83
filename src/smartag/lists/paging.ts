/** One page of a list, as the API answered. */
export interface Page<Item> {
  /** In the API's order; null stands for an entry without its identifier. */
  readonly items: readonly (Item | null)[];
  /** Entries in the whole list, or (the pages disagree) on this page. */
  readonly totalCount: number | undefined;
  /** The page size the server says it used. */
  readonly pageSize: number | undefined;
}

/** A list read whole. */
export interface Listing<Item> {
  /** Distinct by key, in the API's order. */
  readonly items: readonly Item[];
  /** What does not add up although the list was read again, in words; absent when the list is sound. */
  readonly doubt?: string;
}

/** How a list is read. */
export interface ListOptions<Item> {
  /** Fetches one page, numbered from 1. */
  readonly fetch: (pageNumber: number) => Promise<Page<Item>>;
  readonly key: (item: Item) => string;
  /** Page size asked for. */
  readonly pageSize: number;
  /** Entries that there is room for, asked at each page; a list that goes on is refused. */
  readonly most: () => number;
  /** Whether the API's page promises pages of that size; else a short page may be a silent clamp. */
  readonly sizePromised?: boolean;
  /**
   * Describes the known entries or fields that would be lost if these entries were taken; undefined when
   * none would. A list with a loss is believed only when a second read says the same.
   */
  readonly loss?: (items: readonly Item[]) => string | undefined;
  /** What is known of the server's paging; learns as lists are read. */
  readonly habits: PagingHabits;
  /** Told after each page: entries seen and, once known, expected. */
  readonly onProgress?: (seen: number, expected: number | undefined) => void;
}

/** A list that changed while it was read is read again so often, then the newest read is taken. */
const READS_AGAIN = 3;

/** A list that changes with each page is told of in one line nevertheless. */
const MOST_TOTALS_TOLD = 10;

/** Characters of a key that count as no more than its entry; each as many more count as another one. */
const USUAL_KEY = 256;

/** A list that never ends, or whose entries never come: the replies contradict themselves. */
export class ListError extends Error {
  override readonly name = 'ListError';
}

/**
 * What a server turned out to do where its documents leave it open, learned once per account and
 * operation so that later lists cost no call to find it out again.
 */
export class PagingHabits {
  /** Whether TotalCount counts the whole list or only the page ("the number of entries returned"). */
  totalCount: 'unknown' | 'list' | 'page' = 'unknown';
  /** Whether any page had a TotalCount; a later page without one is then in doubt. */
  tellsTotal = false;
  /** The longest page seen: a server that gave so many does not clamp below it. */
  longestPage = 0;

  /** Learns from a page that holds entries, of which the earlier pages held some or none. */
  learn(page: Page<unknown>, seenBefore: number, seen: number): void {
    const entries = page.items.length;
    this.longestPage = Math.max(this.longestPage, entries);
    if (page.totalCount === undefined) return;
    this.tellsTotal = true;
    if (page.totalCount > entries) this.totalCount = 'list';
    // Only a page that is all new continues the list; a server may give the last page again.
    else if (seenBefore > 0 && seen - seenBefore === entries) this.totalCount = 'page';
  }
}

/**
 * Reads a list page by page until it is complete, whatever TotalCount means and wherever the server
 * clamps the page size. Where TotalCount is the list's, a read that saw it change, or that met fewer
 * distinct entries than it says, is made again: entries added or removed meanwhile shift the pages,
 * and some may have been missed (metrics.md, rule 3). So is a read with a loss. No
 * list is read again after two reads in a row with the same entries and the same doubt.
 *
 * @throws ListError when there are more entries than are taken, or when a first page without entries goes on to say
 *   that there are some (taking it would empty the fleet); whatever `fetch` throws
 */
export async function readList<Item>(options: ListOptions<Item>): Promise<Listing<Item>> {
  let read = await readOnce(options);
  for (let again = 0; again < READS_AGAIN && (read.doubt ?? read.loss) !== undefined; again++) {
    const before = read;
    read = await readOnce(options);
    if (!isSame(before, read)) continue;
    // Two reads agree, so the loss is real.
    read = { ...read, loss: undefined };
    break;
  }
  const items = [...read.items.values()];
  const doubt = read.doubt ?? read.loss;
  if (doubt !== undefined && items.length === 0) throw new ListError(doubt);
  return { items, ...(doubt !== undefined && { doubt }) };
}

/** One reading of a list. */
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
  /** Room that long keys take, in entries. */
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
    if (page.totalCount === undefined && habits.tellsTotal) withoutTotal = true;
    if (page.items.length > 0) habits.learn(page, seenBefore, seen);
    options.onProgress?.(seen, habits.totalCount === 'list' ? page.totalCount : undefined);
    // A page without anything new is the end, or a server that repeats itself.
    if (items.size === before || isLast(page, seen, options)) break;
  }
  const doubt =
    doubtOf(items.size, unusable, totals, habits) ??
    (withoutTotal ? 'a page without TotalCount, which other pages had' : undefined);
  return { items, doubt, loss: options.loss?.([...items.values()]) };
}

/** The 0 of an empty page after the first: until more is known, it may count just that page. */
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
  // A short page ends the list, unless it may be a silent clamp: as long as any page seen so far.
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
    const some = [...totals].slice(0, MOST_TOTALS_TOLD).join(', ');
    const more = totals.size > MOST_TOTALS_TOLD ? ', …' : '';
    return `TotalCount changed between pages (${some}${more})`;
  }
  const [total] = totals;
  if (total !== undefined && distinct < total) {
    return `TotalCount says ${total}, but only ${distinct} distinct entries arrived`;
  }
  return undefined;
}
