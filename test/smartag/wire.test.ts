import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  amount,
  clients,
  count,
  flag,
  list,
  moment,
  number,
  reply,
  requiredLongText,
  requiredText,
  text,
} from '../../src/smartag/wire.ts';

/** The SDK core gives integers of more than 15 digits as an object with toFixed. */
const bigNumber = (digits: string) => ({ s: 1, e: digits.length, c: [1], toFixed: () => digits });

describe('count', () => {
  it.each<readonly [wire: unknown, value: number | undefined]>([
    ['1000', 1000],
    [bigNumber('9223372036854775807'), 2 ** 63],
    [-1, undefined],
    [1.5, undefined],
  ])('of %j is %s', (wire, value) => {
    expect(count.parse(wire)).toBe(value);
  });
});

describe('clients', () => {
  it.each<readonly [wire: unknown, value: number | undefined]>([
    ['1000', 1000],
    [1e9, 1e9],
    [1e9 + 1, undefined],
    [1e300, undefined],
    [bigNumber('9223372036854775807'), undefined],
    [-1, undefined],
    [1.5, undefined],
  ])('of %j are %s', (wire, value) => {
    expect(clients.parse(wire)).toBe(value);
  });
});

describe('number', () => {
  it.each<readonly [wire: unknown, value: number | undefined]>([
    [5, 5],
    [-5, -5],
    [0, 0],
    [1.5, 1.5],
    ['5', 5],
    [' 5 ', 5],
    ['-5', -5],
    ['1.5', 1.5],
    ['0', 0],
    [bigNumber('1234567890123456'), 1234567890123456],
    [bigNumber('12345678901234567890123'), 1.2345678901234568e22],
    ['', undefined],
    [' ', undefined],
    ['many', undefined],
    ['5 users', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['Infinity', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [Number.NaN, undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [[5], undefined],
    [{}, undefined],
  ])('%j is %s', (wire, value) => {
    expect(number.parse(wire)).toBe(value);
  });
});

describe('a text that is far too long', () => {
  it('is absent where it is optional, refused where it is required, and accepted for a token', () => {
    const long = 'x'.repeat(257);
    expect(text.parse(long)).toBeUndefined();
    expect(text.parse(long.slice(1))).toBe(long.slice(1));
    const longest = 'x'.repeat(64 * 1024);
    expect(requiredText.parse(longest)).toBe(longest);
    expect(requiredText.safeParse(`${longest}x`).success).toBe(false);
    expect(requiredLongText.parse(long)).toBe(long);
  });
});

it('a kept text does not keep its whole reply in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const before = used();
  const kept = Array.from({ length: 100 }, (_, each) => {
    const reply = Buffer.alloc(2 ** 20, `a name that is long enough ${each} `).toString('latin1');
    return text.parse(reply.slice(0, 30));
  });
  expect(used() - before).toBeLessThan(50);
  expect(kept).toHaveLength(100);
});

describe('amount', () => {
  it.each<readonly [wire: unknown, value: number | undefined]>([
    [0, 0],
    ['7', 7],
    [-1, undefined],
    ['-1', undefined],
    ['x', undefined],
  ])('%j is %s', (wire, value) => {
    expect(amount.parse(wire)).toBe(value);
  });
});

describe('flag', () => {
  it.each<readonly [wire: unknown, value: boolean | undefined]>([
    [0, false],
    [1, true],
    ['0', false],
    ['1', true],
    [true, true],
    [false, false],
    ['true', true],
    ['FALSE', false],
    ['yes', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %s', (wire, value) => {
    expect(flag.parse(wire)).toBe(value);
  });
});

describe('moment', () => {
  it.each<readonly [wire: unknown, seconds: number | undefined]>([
    ['1559125519', 1559125519],
    [1559125519, 1559125519],
    ['1559125519123', 1559125519.123],
    [1559125519000, 1559125519],
    [0, undefined],
    [-1559125519, undefined],
    ['', undefined],
    ['2019-05-29T10:25:19Z', 1559125519],
    ['2019-05-29T18:25:19+08:00', 1559125519],
    ['2019-05-29T18:25:19+0800', 1559125519],
    ['2019-05-29T10:25:19.5Z', 1559125519.5],
    // Without an offset it is UTC, in every time zone of the exporter.
    ['2019-05-29 10:25:19', 1559125519],
    ['2019-05-29T10:25Z', 1559125500],
    ['2019-05-29', 1559088000],
    ['2019-13-29T10:25:19Z', undefined],
    ['29 May 2019', undefined],
    [undefined, undefined],
  ])('%j is second %s', (wire, seconds) => {
    expect(moment.parse(wire)).toBe(seconds);
  });
});

describe('text', () => {
  it.each<readonly [wire: unknown, value: string | undefined]>([
    ['name', 'name'],
    ['', ''],
    [' spaced ', ' spaced '],
    ['李雷', '李雷'],
    ['a\ud800b', 'a\ufffdb'],
    ['\udc00', '\ufffd'],
    ['😀', '😀'],
    [7, '7'],
    [true, 'true'],
    [bigNumber('1234567890123456789'), '1234567890123456789'],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
    [['a'], undefined],
  ])('%j is %j', (wire, value) => {
    expect(text.parse(wire)).toBe(value);
  });

  it.each([undefined, null, '', {}, []])('that is required is not %j', (wire) => {
    expect(requiredText.safeParse(wire).success).toBe(false);
  });
});

describe('list', () => {
  const names = list('User', z.object({ UserName: requiredText }));
  const one = { UserName: 'one' };
  const two = { UserName: 'two' };

  it.each<readonly [shape: string, wire: unknown, items: readonly unknown[]]>([
    ['wrapped', { User: [one, two] }, [one, two]],
    ['wrapped, empty', { User: [] }, []],
    ['a single entry as an object', { User: one }, [one]],
    ['bare', [one, two], [one, two]],
    ['bare, empty', [], []],
    ['an empty string', '', []],
    ['null', null, []],
    ['missing', undefined, []],
    ['an empty object', {}, []],
    ['an empty string inside', { User: '' }, []],
    ['null inside', { User: null }, []],
    ['a key of other case', { user: [one] }, [one]],
    ['a key of other case, a single entry', { USER: one }, [one]],
  ])('%s', (_, wire, items) => {
    expect(names.parse(wire)).toEqual(items);
  });

  it.each<readonly [shape: string, wire: unknown]>([
    ['text', 'one'],
    ['a number', 0],
    ['a flag', false],
    ['an object of another key', { Item: [one] }],
    ['text inside', { User: 'one' }],
    ['a list in the list', { User: [[one]] }],
    ['null in the list', { User: [null] }],
    ['an entry without its name', { User: [one, {}] }],
  ])('of an unknown shape is refused: %s', (_, wire) => {
    expect(names.safeParse(wire).success).toBe(false);
  });
});

describe('reply', () => {
  const shape = reply({ TotalCount: amount, Users: list('User', z.object({})) });

  it.each([
    ['all members', { TotalCount: 0, Users: '' }],
    ['the list alone', { Users: { User: [] } }],
    ['the count alone', { TotalCount: 0 }],
    ['members that are not documented too', { RequestId: 'R-1', Users: '', New: {} }],
    ['a RequestId and nothing else', { RequestId: 'R-1' }],
  ])('may have %s', (_, body) => {
    expect(shape.safeParse(body).success).toBe(true);
  });

  it.each<readonly [body: string, wire: unknown]>([
    ['an empty object', {}],
    ['other members', { status: 'up' }],
    ['other members beside a RequestId', { RequestId: 'R-1', message: 'later' }],
    ['a member of other case', { RequestId: 'R-1', users: { User: [] } }],
    ['a list', []],
    ['text', 'OK'],
    ['null', null],
  ])('is refused: %s', (_, wire) => {
    expect(shape.safeParse(wire).success).toBe(false);
  });
});
