import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PriorityQueue } from '../../../src/simulator/world/priority-queue.ts';

it('gives items sorted by time, and items of the same time in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
      const queue = new PriorityQueue<{ at: number; order: number }>();
      const items = times.map((at, order) => ({ at, order }));
      for (const item of items) queue.push(item);
      expect(queue.size).toBe(items.length);
      const popped = [];
      for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
        expect(queue.pop()).toBe(next);
        popped.push(next);
      }
      expect(popped).toEqual(items.sort((a, b) => a.at - b.at || a.order - b.order));
      expect(queue.pop()).toBeUndefined();
    }),
  );
});
