import { beforeEach, describe, expect, it } from 'vitest';
import { CallLog } from '../../src/exporter/call-log.ts';
import { ApiError, type ErrorKind } from '../../src/model/api-error.ts';

const AT = 1_800_000_000;

let log: CallLog;

beforeEach(() => {
  log = new CallLog();
});

function call(operation: string, kind?: ErrorKind, at = AT, account = 'a'): void {
  const error = kind && new ApiError({ kind, operation, detail: 'refused by the test' });
  log.called(account, { operation, seconds: 1, ...(error && { error }) }, at);
}

const operationsOf = (account: string) => [...log.operationsOf(account)];

describe('the calls of an operation', () => {
  it('are counted, and those that were throttled too', () => {
    call('List');
    call('List', 'throttled');
    call('List', 'unavailable');
    call('Count');
    expect(operationsOf('a')).toEqual([
      { operation: 'List', allowed: 0, calls: 3, throttled: 1 },
      { operation: 'Count', allowed: 0, calls: 1, throttled: 0 },
    ]);
  });

  it('are those of one account', () => {
    call('List', undefined, AT, 'a');
    expect(operationsOf('b')).toEqual([]);
  });

  it('keep their numbers when their rate changes', () => {
    log.allowed('a', 'List', 5);
    expect(operationsOf('a')).toEqual([{ operation: 'List', allowed: 5, calls: 0, throttled: 0 }]);
    call('List');
    log.allowed('a', 'List', 2.5);
    expect(operationsOf('a')).toEqual([
      { operation: 'List', allowed: 2.5, calls: 1, throttled: 0 },
    ]);
  });
});

describe('a pause that the API asks for', () => {
  const pause = (made: number, at: number): boolean =>
    log.paused('a', { operation: 'List', requested: made, made }, at);
  const pausedUntil = () => operationsOf('a').map((operation) => operation.pausedUntil);

  it('lasts to its end, and a shorter one does not end it', () => {
    pause(60_000, AT);
    expect(pausedUntil()).toEqual([AT + 60]);
    pause(1000, AT + 10);
    expect(pausedUntil()).toEqual([AT + 60]);
    pause(60_000, AT + 10);
    expect(pausedUntil()).toEqual([AT + 70]);
  });

  it('is to be logged unless one ended in the last five minutes', () => {
    expect(pause(60_000, AT)).toBe(true);
    expect(pause(60_000, AT + 60 + 300)).toBe(false);
    expect(pause(60_000, AT + 60 + 300 + 60 + 301)).toBe(true);
  });
});

describe('failed calls', () => {
  it('are counted together where they failed in the same way, the latest first', () => {
    call('List', 'unavailable', AT);
    call('Count', 'unavailable', AT + 1);
    call('List', 'unavailable', AT + 2);
    expect([...log.failed()]).toMatchObject([
      { account: 'a', count: 2, lastAt: AT + 2, error: { operation: 'List' } },
      { account: 'a', count: 1, lastAt: AT + 1, error: { operation: 'Count' } },
    ]);
  });

  it('are kept apart by account, operation and kind', () => {
    call('List', 'unavailable', AT, 'a');
    call('List', 'unavailable', AT, 'b');
    call('List', 'throttled', AT, 'a');
    expect([...log.failed()].map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('are forgotten from the oldest on when there are more than 50 different ones', () => {
    for (let index = 1; index <= 50; index++) call(`Operation${index}`, 'unavailable');
    expect([...log.failed()]).toHaveLength(50);
    call('Operation51', 'unavailable');
    const operations = [...log.failed()].map(({ error }) => error.operation);
    expect(operations).toHaveLength(50);
    expect(operations.at(0)).toBe('Operation51');
    expect(operations.at(-1)).toBe('Operation2');
  });
});

it('an account that is forgotten leaves nothing, and others stay', () => {
  call('List', 'unavailable', AT, 'a');
  call('List', 'unavailable', AT, 'b');
  log.forget('a');
  expect(operationsOf('a')).toEqual([]);
  expect(operationsOf('b')).toHaveLength(1);
  expect([...log.failed()].map(({ account }) => account)).toEqual(['b']);
});
