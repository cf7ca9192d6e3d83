import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceOf, shareOf } from '../../../src/smartag/pacing/share.ts';

const rate = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.double({ min: 0.001, max: 1000, noNaN: true }),
);
const total = fc.integer({ min: 1, max: 100 });

const sharesOf = (requestsPerSecond: number, shards: number): readonly number[] =>
  Array.from({ length: shards }, (_, index) =>
    shareOf(requestsPerSecond, { index, total: shards }),
  );
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

describe('the shares of a budget', () => {
  it('add up to it, and each is above 0', () => {
    fc.assert(
      fc.property(rate, total, (requestsPerSecond, shards) => {
        const shares = sharesOf(requestsPerSecond, shards);
        expect(Math.min(...shares)).toBeGreaterThan(0);
        expect(sum(shares) / requestsPerSecond).toBeCloseTo(1, 10);
      }),
    );
  });

  it('differ by at most one call', () => {
    fc.assert(
      fc.property(rate, total, (requestsPerSecond, shards) => {
        const shares = sharesOf(requestsPerSecond, shards);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('each rounded up to whole calls, add up to at most the budget rounded up', () => {
    fc.assert(
      fc.property(rate, total, (requestsPerSecond, shards) => {
        fc.pre(requestsPerSecond >= shards);
        const calls = sharesOf(requestsPerSecond, shards).map((share) => Math.ceil(share - 1e-9));
        expect(sum(calls)).toBeLessThanOrEqual(Math.ceil(requestsPerSecond));
      }),
    );
  });

  it.each([
    [10, [4, 3, 3]],
    [11, [4, 4, 3]],
    [12, [4, 4, 4]],
    [12.5, [4.5, 4, 4]],
    [10.5, [4, 3.5, 3]],
    [3, [1, 1, 1]],
    [2.4, [0.8, 0.8, 0.8]],
    [0.3, [0.1, 0.1, 0.1]],
  ])('of %f, for three', (requestsPerSecond, shares) => {
    for (const [index, share] of sharesOf(requestsPerSecond, 3).entries()) {
      expect(share).toBeCloseTo(shares[index] ?? Number.NaN, 10);
    }
  });

  it('of a single process are the whole budget, and so is its pace', () => {
    expect(shareOf(10.5, { index: 0, total: 1 })).toBe(10.5);
    expect(paceOf(10.5, { index: 0, total: 1 })).toBe(10.5);
  });
});
