import { expect, test } from 'vitest';
import { nearest } from '../../src/input/nearest.ts';

const KEYS = ['page_size', 'timeout', 'concurrency', 'users_interval', 'name'];

test.each([
  ['page_siz', 'page_size'],
  ['pagesize', 'page_size'],
  ['PAGE-SIZE', 'page_size'],
  ['user_intervals', 'users_interval'],
  ['tiemout', 'timeout'],
  ['nam', 'name'],
])('%s is near %s', (key, known) => {
  expect(nearest(key, KEYS)).toBe(known);
});

test.each(['', 'x', 'id', 'burst', 'interval', 'z'.repeat(100_000)])(
  '%.20s is near nothing',
  (key) => {
    expect(nearest(key, KEYS)).toBeUndefined();
  },
);

test('without candidates nothing is near', () => {
  expect(nearest('name', [])).toBeUndefined();
});
