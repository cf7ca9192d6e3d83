import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceId } from '../../src/model/instance.ts';
import { ownerOf, owns } from '../../src/poll/shard-owner.ts';

const instanceId: fc.Arbitrary<InstanceId> = fc.record({
  account: fc.string({ unit: 'binary' }),
  regionId: fc.constantFrom('cn-shanghai', 'ap-southeast-1'),
  instanceId: fc.string({ minLength: 1 }),
});
const total = fc.integer({ min: 1, max: 20 });

/** Instances with ids that differ as little as those of a real fleet may. */
const FLEET: readonly InstanceId[] = Array.from({ length: 4000 }, (_, index) => ({
  account: 'prod',
  regionId: 'cn-shanghai',
  instanceId: `sag-${index}`,
}));

describe('the shards of a fleet', () => {
  it('own each instance exactly once', () => {
    fc.assert(
      fc.property(instanceId, total, (id, shards) => {
        const owners = Array.from({ length: shards }, (_, index) => index).filter((index) =>
          owns({ index, total: shards }, id),
        );
        expect(owners).toEqual([ownerOf(id, shards)]);
      }),
    );
  });

  it('move instances only to a new shard', () => {
    fc.assert(
      fc.property(instanceId, total, (id, shards) => {
        expect([ownerOf(id, shards), shards]).toContain(ownerOf(id, shards + 1));
      }),
    );
  });

  it.each([2, 3, 4, 7, 16, 100])(
    'own about the same number of instances each, of %i shards',
    (shards) => {
      const owned = new Array<number>(shards).fill(0);
      for (const id of FLEET) owned[ownerOf(id, shards)] = (owned[ownerOf(id, shards)] ?? 0) + 1;
      const mean = FLEET.length / shards;
      // Independent draws practically never deviate by more than five standard deviations.
      const spread = 5 * Math.sqrt(mean);
      expect(Math.max(...owned)).toBeLessThan(mean + spread);
      expect(Math.min(...owned)).toBeGreaterThan(mean - spread);
    },
  );

  it.each([1, 2, 3, 9])(
    'give up only about the share of the new shard when one is added to %i',
    (shards) => {
      const moved = FLEET.filter((id) => ownerOf(id, shards) !== ownerOf(id, shards + 1)).length;
      const expected = FLEET.length / (shards + 1);
      expect(Math.abs(moved - expected)).toBeLessThan(5 * Math.sqrt(expected));
    },
  );

  it('depend on each part of an id, even if the parts of two ids join to the same text', () => {
    const owners = [
      { account: 'a', regionId: 'b', instanceId: 'c' },
      { account: 'ab', regionId: '', instanceId: 'c' },
      { account: 'a', regionId: 'bc', instanceId: '' },
      { account: 'a","b', regionId: '', instanceId: 'c' },
    ].map((id) => [11, 13, 17, 19, 23, 29, 31].map((shards) => ownerOf(id, shards)).join());
    expect(new Set(owners).size).toBe(4);
  });
});

/*
 * Shards of two versions run side by side during an update, so these owners must never change. Another program
 * computed them, from hashes such as that of
 * printf '["prod","cn-shanghai","sag-0",0]' | sha256sum
 */
describe('the owner', () => {
  it.each([
    ['prod', 'cn-shanghai', 'sag-kzo5dvms3dqii3', '0 1 2 2 2 2 2 2 55 55'],
    ['prod', 'cn-shanghai', 'sag-0', '0 0 2 3 4 4 4 7 47 90'],
    ['prod', 'ap-southeast-1', 'sag-0', '0 0 0 0 0 0 6 6 38 92'],
    ['default', 'cn-shanghai', 'sag-0', '0 1 1 1 1 1 1 1 44 44'],
    ['büro "süd"\n\ud800', 'eu-central-1', 'sag-1', '0 0 0 0 0 0 0 0 46 46'],
  ])('of %j %s %s is pinned', (account, regionId, id, pinned) => {
    const owners = [1, 2, 3, 4, 5, 6, 7, 8, 64, 100].map((shards) =>
      ownerOf({ account, regionId, instanceId: id }, shards),
    );
    expect(owners.join(' ')).toBe(pinned);
  });
});
