import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions, silentLog } from '../src/log.ts';
import { parseLogfmt } from './support/parse-logfmt.ts';

function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const destination = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      lines.push(String(text));
      done();
    },
  });
  return { lines, log: createLog({ level: 'info', format: 'json', destination, ...options }) };
}

/** In UTC, as every line has the zone of every other. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('a log in JSON', () => {
  it('has a line for each entry, with level, time and msg and what it is about', () => {
    const { lines, log } = logged();
    log.info('hello');
    log.child({ account: 'prod' }).warn({ stage: 'users' }, 'a pass failed');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.stringMatching(RFC3339), msg: 'hello' },
      {
        level: 'warn',
        time: expect.stringMatching(RFC3339),
        account: 'prod',
        stage: 'users',
        msg: 'a pass failed',
      },
    ]);
    for (const line of lines) expect(line).toMatch(/^[^\n]*\n$/);
  });

  it('keeps an entry on its line whatever the text', () => {
    const { lines, log } = logged();
    log.info({ name: 'a\n{"level":50}' }, 'two\nlines');
    expect(lines.join('').trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('of level %s leaves out what is less severe', (level, count) => {
    const { lines, log } = logged({ level });
    for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each](each);
    expect(lines).toHaveLength(count);
  });
});

/** Keys that have a meaning in every entry or in JavaScript. */
const RESERVED = new Set(['level', 'time', 'msg', 'err', '__proto__']);

/** A key as logfmt shows it. */
const shownKey = (key: string): string => key.replace(/[^\w.-]/g, '_');

describe('a log in logfmt', () => {
  it('has a line of key=value for each entry, with the keys of JSON', () => {
    const { lines, log } = logged({ format: 'logfmt' });
    log
      .child({ account: 'prod' })
      .warn({ code: 'a"b', problems: ['x y'], rate: 1.5 }, 'a pass failed');
    expect(lines.join('')).toMatch(
      /^level=warn time=\S+Z account=prod code="a\\"b" problems="\[\\"x y\\"\]" rate=1.5 msg="a pass failed"\n$/,
    );
  });

  it('can be read back by a strict parser, whatever the keys and values', () => {
    const keys = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => !RESERVED.has(key));
    const hazards = fc.constantFrom(...'"\\= \n\r\t\u0000\u007f\u0085\u2028\ufffd\ud800aé');
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: hazards }),
      fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(keys, values), { selector: ([key]) => shownKey(key) }),
        fc.string({ unit: 'binary' }),
        (entries, message) => {
          const { lines, log } = logged({ format: 'logfmt' });
          log.info(Object.fromEntries(entries), message);
          const line = lines.join('');
          expect(line.match(/\n/g)).toHaveLength(1);
          const shown = entries.map(([key, value]) => [
            shownKey(key),
            (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed(),
          ]);
          expect(Object.fromEntries(parseLogfmt(line.trimEnd()))).toEqual({
            level: 'info',
            time: expect.stringMatching(RFC3339),
            ...Object.fromEntries(shown),
            msg: message.toWellFormed(),
          });
        },
      ),
    );
  });

  it('shows no control character as it is', () => {
    const { lines, log } = logged({ format: 'logfmt' });
    log.info({ name: '\u001b[2J\u007f\u009b2J' }, 'a\nb');
    expect(lines.join('')).toMatch(/ name="\\u001b\[2J\\u007f\\u009b2J" msg="a\\nb"\n$/);
  });
});

describe('a silent log', () => {
  it('says nothing', () => {
    const log = silentLog();
    log.error('nothing');
    expect(log.isLevelEnabled('error')).toBe(false);
  });
});
