import { describe, expect, it } from 'vitest';
import { ListError, type Page, PagingHabits, readList } from '../../../src/smartag/lists/paging.ts';
import { names, PagedServer, type PagedServerHabits } from './paged-server.ts';

const PLAIN: PagedServerHabits = {
  clamp: 100,
  echo: 'used',
  totalCount: 'list',
  beyond: 'nothing',
};

/** Reads a list from the given pages; later pages are empty. */
function readPages(
  pages: readonly Partial<Page<string>>[],
  options: { readonly pageSize?: number; readonly habits?: PagingHabits } = {},
) {
  let calls = 0;
  const progress: (readonly [number, number | undefined])[] = [];
  const listing = readList<string>({
    pageSize: 3,
    habits: new PagingHabits(),
    most: () => 1_000_000,
    ...options,
    key: (item) => item,
    fetch: async (pageNumber) => {
      calls++;
      return { items: [], totalCount: undefined, pageSize: undefined, ...pages[pageNumber - 1] };
    },
    onProgress: (seen, expected) => progress.push([seen, expected]),
  });
  return listing.then(({ items, doubt }) => ({ items, doubt, calls, progress }));
}

describe('a quiet list', () => {
  it.each<readonly [count: number, pageSize: number, calls: number]>([
    [0, 50, 1],
    [1, 50, 2],
    [49, 50, 2],
    // A short first page may be the whole list or a smaller page size, so the next page is read too.
    [50, 50, 2],
    [51, 50, 2],
    [100, 50, 2],
    [101, 50, 3],
    [250, 500, 3],
  ])('of %i read by %i takes %i calls', async (count, pageSize, calls) => {
    const server = new PagedServer(names(count), PLAIN);
    const listing = await readList(server.options(pageSize, new PagingHabits()));
    expect(listing).toEqual({ items: names(count) });
    expect(server.calls).toBe(calls);
  });

  it('needs no extra call when the habits are known', async () => {
    const habits = new PagingHabits();
    await readList(new PagedServer(names(101), PLAIN).options(100, habits));
    for (const count of [0, 1, 99, 100]) {
      const server = new PagedServer(names(count), PLAIN);
      expect((await readList(server.options(100, habits))).items).toHaveLength(count);
      expect(server.calls).toBe(1);
    }
  });

  it('needs no extra call when an earlier process has learned the habits', async () => {
    const earlier = new PagingHabits();
    await readList(new PagedServer(names(101), PLAIN).options(100, earlier));
    const server = new PagedServer(names(100), PLAIN);
    await readList(server.options(100, new PagingHabits(structuredClone(earlier.data))));
    expect(server.calls).toBe(1);
  });

  it('reports its progress after each page, and the total as soon as it is known', async () => {
    const { progress } = await readPages([
      { items: ['a', 'b', 'c'], totalCount: 5 },
      { items: ['d', 'e'], totalCount: 5 },
    ]);
    expect(progress).toEqual([
      [3, 5],
      [5, 5],
    ]);
  });

  it('keeps the order and one entry of each name', async () => {
    const { items } = await readPages([
      { items: ['c', 'a', 'c'], totalCount: 4 },
      { items: ['a', 'b'], totalCount: 4 },
      { items: ['d'], totalCount: 4 },
    ]);
    expect(items).toEqual(['c', 'a', 'b', 'd']);
  });
});

describe('a server whose TotalCount counts each page', () => {
  const PAGE_COUNTS: PagedServerHabits = { ...PLAIN, totalCount: 'page' };

  it.each([1, 99, 100, 101, 200, 250])('gives a list of %i without doubt', async (count) => {
    const server = new PagedServer(names(count), PAGE_COUNTS);
    expect(await readList(server.options(100, new PagingHabits()))).toEqual({
      items: names(count),
    });
    expect(server.calls).toBeLessThanOrEqual(Math.ceil(count / 100) + 1);
  });
});

describe('a server that silently uses smaller pages', () => {
  it.each(['list', 'page', 'none'] as const)(
    'is read whole (TotalCount: %s)',
    async (totalCount) => {
      const server = new PagedServer(names(35), {
        clamp: 10,
        echo: 'asked',
        totalCount,
        beyond: 'nothing',
      });
      expect(await readList(server.options(50, new PagingHabits()))).toEqual({ items: names(35) });
      expect(server.calls).toBe(4);
    },
  );

  it('is not assumed when the operation promises its page size', async () => {
    const server = new PagedServer(names(35), { ...PLAIN, totalCount: 'none' });
    const options = { ...server.options(50, new PagingHabits()), sizePromised: true };
    expect(await readList(options)).toEqual({ items: names(35) });
    expect(server.calls).toBe(1);
  });
});

describe('a server that repeats itself', () => {
  it('is read until a page has nothing new', async () => {
    const page = { items: ['a', 'b', 'c'] };
    expect(await readPages([page, page, page, page])).toMatchObject({
      items: ['a', 'b', 'c'],
      calls: 2,
    });
  });

  it('is not taken for one whose TotalCount counts each page', async () => {
    const habits = new PagingHabits();
    const server = new PagedServer(names(3), { ...PLAIN, beyond: 'last-page-again' });
    expect(await readList(server.options(3, habits))).toEqual({ items: names(3) });
    expect([server.calls, habits.totalCount]).toEqual([2, 'unknown']);
  });

  it('is read to the end also when an entry has no identifier', async () => {
    const page = { items: ['a', null, 'c'] };
    const pages = Array.from({ length: 1000 }, () => page);
    expect(await readPages(pages)).toMatchObject({
      items: ['a', 'c'],
      doubt: 'entries without an identifier: 2',
      calls: 4,
    });
  });
});

describe('a list that contradicts itself', () => {
  it.each<readonly [what: string, pages: readonly Partial<Page<string>>[], doubt: string]>([
    [
      'fewer entries than TotalCount says',
      [
        { items: ['a', 'b', 'c'], totalCount: 5 },
        { items: ['d'], totalCount: 5 },
      ],
      'TotalCount says 5, but only 4 distinct entries arrived',
    ],
    [
      'an entry that comes twice',
      [
        { items: ['a', 'b', 'c'], totalCount: 5 },
        { items: ['c', 'd'], totalCount: 5 },
      ],
      'TotalCount says 5, but only 4 distinct entries arrived',
    ],
    [
      'a TotalCount that changes',
      [
        { items: ['a', 'b', 'c'], totalCount: 5 },
        { items: ['d'], totalCount: 4 },
      ],
      'TotalCount changed between pages (5, 4)',
    ],
    [
      'an entry without identifier',
      [{ items: ['a', null], totalCount: 2 }],
      'entries without an identifier: 1',
    ],
  ])('in the same way twice is read twice, then used: %s', async (_, pages, doubt) => {
    let reads = 0;
    const listing = await readList<string>({
      pageSize: 3,
      habits: new PagingHabits(),
      most: () => 1_000_000,
      key: (item) => item,
      fetch: async (pageNumber) => {
        if (pageNumber === 1) reads++;
        return { items: [], totalCount: undefined, pageSize: undefined, ...pages[pageNumber - 1] };
      },
    });
    expect(reads).toBe(2);
    expect(listing.doubt).toBe(doubt);
    expect(listing.items.length).toBeGreaterThan(0);
  });

  it('in another way each time is read again three times, then used', async () => {
    let reads = 0;
    const listing = await readList<string>({
      ...new PagedServer([], PLAIN).options(3, new PagingHabits()),
      fetch: async (pageNumber) => {
        if (pageNumber > 1) return { items: [], totalCount: 3, pageSize: 3 };
        reads++;
        return { items: ['a', null, `b${reads}`], totalCount: 3, pageSize: 3 };
      },
    });
    expect(listing).toEqual({ items: ['a', 'b4'], doubt: 'entries without an identifier: 1' });
    expect(reads).toBe(4);
  });

  it('because a page lacks the TotalCount that others had is read again', async () => {
    const habits = new PagingHabits();
    await readList(new PagedServer(names(3), PLAIN).options(100, habits));
    const whole = new PagedServer(names(3), PLAIN).options(100, habits);
    let pages = 0;
    const listing = await readList({
      ...whole,
      fetch: async (page: number) =>
        ++pages === 1
          ? { items: ['garbled'], totalCount: undefined, pageSize: undefined }
          : whole.fetch(page),
    });
    expect(listing).toEqual({ items: names(3) });
  });

  it('is used as soon as it is consistent', async () => {
    const server = new PagedServer(names(150), PLAIN);
    server.afterPage = (calls) => {
      if (calls === 1) server.list.shift();
    };
    expect(await readList(server.options(100, new PagingHabits()))).toEqual({
      items: names(150).slice(1),
    });
    expect(server.calls).toBe(4);
  });

  it.each<readonly [what: string, page: Partial<Page<string>>]>([
    ['a first page without entries that says there are some', { totalCount: 7 }],
    ['a first page of nothing but entries without identifier', { items: [null, null] }],
  ])('is refused: %s', async (_, page) => {
    await expect(readPages([page])).rejects.toThrow(ListError);
  });

  it('is empty where TotalCount says so, or says nothing', async () => {
    expect(await readPages([{ totalCount: 0 }])).toMatchObject({ items: [], calls: 1 });
    expect(await readPages([{}])).toMatchObject({ items: [], calls: 1 });
  });

  it.each([
    [3, 3, true],
    [2, 3, false],
    [2, 300, false],
  ])('with room for %i of its %i entries is accepted: %s', async (most, count, isTaken) => {
    const server = new PagedServer(names(count), PLAIN);
    const listing = readList({ ...server.options(100, new PagingHabits()), most: () => most });
    if (isTaken) expect((await listing).items).toHaveLength(count);
    else await expect(listing).rejects.toThrow('more entries than there is room for (2)');
    expect(server.calls).toBeLessThanOrEqual(2);
  });

  it('takes more room with keys of unusual length', async () => {
    const keys = ['short', 'x'.repeat(3 * 256)];
    const read = (most: number) =>
      readList({
        ...new PagedServer(keys, PLAIN).options(100, new PagingHabits()),
        most: () => most,
      });
    await expect(read(4)).rejects.toThrow('more entries than there is room for (4)');
    expect((await read(5)).items).toEqual(keys);
  });

  it('of pages that never end is read until there is no room for more', async () => {
    let calls = 0;
    const endless = readList<string>({
      pageSize: 100,
      habits: new PagingHabits(),
      most: () => 1000,
      key: (item) => item,
      fetch: async (page) => {
        calls++;
        const items = names(100).map((name) => `${name} of page ${page}`);
        return { items, totalCount: undefined, pageSize: undefined };
      },
    });
    await expect(endless).rejects.toThrow(ListError);
    expect(calls).toBe(11);
  });

  it('on each page is described in one line', async () => {
    const pages = Array.from({ length: 500 }, (_, page) => ({
      items: [`${page}a`, `${page}b`, `${page}c`],
      totalCount: 10_000 + page,
    }));
    const { doubt } = await readPages(pages);
    expect(doubt).toMatch(/^TotalCount changed between pages \(10000, .*10009, …\)$/);
  });

  it('fails with the error of its page, and is not read further', async () => {
    const failure = new Error('refused');
    let calls = 0;
    const listing = readList<string>({
      pageSize: 1,
      habits: new PagingHabits(),
      most: () => 1_000_000,
      key: (item) => item,
      fetch: async () => {
        calls++;
        if (calls === 2) throw failure;
        return { items: ['a'], totalCount: 2, pageSize: 1 };
      },
    });
    await expect(listing).rejects.toBe(failure);
    expect(calls).toBe(2);
  });
});

describe('a list that lacks known entries or fields', () => {
  /** Reads the lists in order, and the last one again and again. */
  async function readLists(lists: readonly (readonly string[])[]) {
    let reads = 0;
    const listing = await readList<string>({
      pageSize: 100,
      habits: new PagingHabits(),
      most: () => 1_000_000,
      sizePromised: true,
      key: (item) => item,
      loss: (items) => (items.includes('known') ? undefined : 'known is lost'),
      fetch: async () => {
        const items = lists[Math.min(reads++, lists.length - 1)] ?? [];
        return { items, totalCount: items.length, pageSize: 100 };
      },
    });
    return { ...listing, reads };
  }

  it.each<
    readonly [what: string, lists: readonly string[][], taken: readonly string[], reads: number]
  >([
    ['nothing is lost', [['known']], ['known'], 1],
    ['one read says so', [[], ['known', 'a']], ['known', 'a'], 2],
    ['two reads say so', [['a'], ['a']], ['a'], 2],
    ['two reads say that nothing is left', [[], []], [], 2],
    ['two reads in a row say so', [[], ['a'], ['a']], ['a'], 3],
  ])('%s', async (_, lists, taken, reads) => {
    expect(await readLists(lists)).toEqual({ items: taken, reads });
  });

  it('is in doubt when no two reads agree, and is refused when it is empty then', async () => {
    expect(await readLists([['a'], ['b'], ['c'], ['d']])).toEqual({
      items: ['d'],
      doubt: 'known is lost',
      reads: 4,
    });
    await expect(readLists([['a'], ['b'], ['c'], []])).rejects.toThrow('known is lost');
  });
});
