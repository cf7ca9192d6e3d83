import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PagingHabits, readList } from '../../../src/smartag/lists/paging.ts';
import { names, PagedServer, type PagedServerHabits } from './paged-server.ts';

const server: fc.Arbitrary<PagedServerHabits> = fc.record({
  clamp: fc.integer({ min: 1, max: 120 }),
  echo: fc.constantFrom('used', 'asked', 'none'),
  totalCount: fc.constantFrom('list', 'page', 'none'),
  beyond: fc.constantFrom('nothing', 'last-page-again'),
});
const pageSize = fc.integer({ min: 1, max: 120 });
const length = fc.integer({ min: 0, max: 300 });

it('quiet lists of one server are read exactly, with at most one call more than their pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      server,
      pageSize,
      fc.array(length, { minLength: 1, maxLength: 6 }),
      async (how, pageSize, lengths) => {
        const habits = new PagingHabits();
        for (const count of lengths) {
          const paged = new PagedServer(names(count), how);
          const listing = await readList(paged.options(pageSize, habits));
          expect(listing).toEqual({ items: names(count) });
          expect(paged.calls).toBeLessThanOrEqual(
            Math.ceil(count / Math.min(pageSize, how.clamp)) + 1,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('a list that changes while it is read has no name twice, and loses none when it no longer changes', async () => {
  const change = fc.record({
    afterCall: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom('add', 'remove'),
    at: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(
      server,
      pageSize,
      length,
      fc.array(change, { maxLength: 12, size: 'max' }),
      async (how, pageSize, count, changes) => {
        const paged = new PagedServer(names(count), { ...how, totalCount: 'list' });
        paged.afterPage = (calls) => {
          for (const [index, { afterCall, kind, at }] of changes.entries()) {
            if (afterCall !== calls) continue;
            const place = at % (paged.list.length + 1);
            if (kind === 'add') paged.list.splice(place, 0, `added-${index}`);
            else paged.list.splice(place, 1);
          }
        };
        const habits = new PagingHabits();
        const listing = await readList(paged.options(pageSize, habits)).catch(() => undefined);
        const items = listing?.items ?? [];
        expect(new Set(items).size).toBe(items.length);
        const { readBeganWith, atStartOfRead, calls } = paged;
        const isQuiet = changes.every(
          ({ afterCall }) => afterCall < readBeganWith || afterCall >= calls,
        );
        if (isQuiet) expect(listing).toEqual({ items: atStartOfRead });
        const pages = Math.ceil((count + changes.length) / Math.min(pageSize, how.clamp)) + 1;
        // A server that repeats its last page may have new entries on it after each change.
        expect(paged.calls).toBeLessThanOrEqual(4 * (pages + 1) + changes.length);

        // Habits learned during the changes do not spoil the next read.
        paged.afterPage = () => {};
        expect(await readList(paged.options(pageSize, habits))).toEqual({ items: paged.list });
      },
    ),
    { numRuns: 1000 },
  );
});
