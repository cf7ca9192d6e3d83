import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/clock.ts';
import { formatDuration, parseDuration } from '../../src/input/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['30s', 30 * SECOND],
    ['5m', 5 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['500ms', 500],
    ['1d2h3m4s5ms', DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND + 5],
    ['90m', 90 * MINUTE],
    ['0s', 0],
    ['007s', 7 * SECOND],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    '30',
    's',
    '5 m',
    ' 5m',
    '5m\n',
    '-5m',
    '1.5h',
    '30m1h',
    '5m5m',
    '5M',
    '1w',
    '٣s',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('refuses more milliseconds than a number can hold exactly', () => {
    expect(parseDuration(`${'9'.repeat(400)}ms`)).toBeUndefined();
    expect(parseDuration('9007199254740993ms')).toBeUndefined();
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [1500, '1s500ms'],
    [90 * MINUTE, '1h30m'],
    [DAY, '1d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('writes texts that parseDuration reads back', () => {
    const milliseconds = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(milliseconds, (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
