import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ApiError,
  CODE_ADVICE,
  ERROR_KINDS,
  type ErrorKind,
} from '../../../src/model/api-error.ts';
import { BATCHED_OPERATIONS } from '../../../src/model/fallback.ts';
import { english, LANGUAGES, MESSAGES } from '../../../src/web/messages/index.ts';

const WEB = new URL('../../../src/web/', import.meta.url);

/** Sections whose messages take texts and numbers. Those of `errors` take objects, and `formats` has no text. */
const { errors: _errors, formats: _formats, ...SECTIONS } = english;

type Leaf = readonly [path: string, message: unknown];

function* leaves(value: unknown, path: string): Generator<Leaf> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) yield* leaves(part, `${path}.${key}`);
  } else if (value !== undefined) {
    yield [path, value];
  }
}

const leavesOf = (messages: typeof SECTIONS): ReadonlyMap<string, unknown> =>
  new Map(Object.keys(SECTIONS).flatMap((name) => [...leaves(messages[name as never], name)]));

/** A parameter that is seen in the text, whether the message takes it as a text or as a number. */
const mark = (index: number) => ({
  [Symbol.toPrimitive]: (hint: string) => (hint === 'string' ? `<${index}>` : 7000 + index),
});

/** The text of a message, called with marks, and the numbers of the marks in it. */
function textOf(message: unknown): { readonly text: string; readonly places: readonly string[] } {
  const text = String(
    typeof message === 'function' ? message(mark(0), mark(1), mark(2), mark(3)) : message,
  );
  const places = [...text.matchAll(/<(\d)>|7,00(\d)/g)].map(([, a, b]) => a ?? b ?? '');
  return { text, places: places.toSorted() };
}

describe('the messages', () => {
  // A message that is missing in a language, or is only in one, does not compile.
  it('are all used', () => {
    const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.startsWith('messages/'))
      .map((path) => readFileSync(new URL(path, WEB), 'utf8'))
      .join('\n');
    const keys = Object.entries(SECTIONS).flatMap(([name, section]) =>
      Object.keys(section).map((key) => [name, key] as const),
    );
    const unused = keys.filter(([, key]) => !new RegExp(`(?:\\.|[{,]\\s*)${key}\\b`).test(sources));
    expect(unused).toEqual([]);
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))(
    'of %s show what those of English show, and are translated',
    (language) => {
      const translated = leavesOf(MESSAGES[language]);
      for (const [path, message] of leavesOf(english)) {
        const [own, other] = [textOf(message), textOf(translated.get(path))];
        // The order of the places belongs to the language. Some texts of English name a number only to
        // choose the plural.
        if (path.endsWith('.count')) continue;
        expect([path, other.places]).toEqual([path, own.places]);
        expect([path, other.text]).not.toEqual([path, own.text]);
      }
    },
  );

  it.each(LANGUAGES)('of %s have no markup and no NUL, which separates the places', (language) => {
    for (const [path, message] of leavesOf(MESSAGES[language])) {
      const text = textOf(message).text.replace(/<\d>/g, '');
      expect([path, text]).not.toEqual([path, expect.stringMatching(/[<>\0]/)]);
    }
  });

  it.each(LANGUAGES)('of %s have advice on each error and fallback', (language) => {
    const { errors } = MESSAGES[language];
    const facts = { operation: 'DescribeRegions', detail: 'made up', code: 'Made.Up' };
    const advice = [
      ...(Object.keys(ERROR_KINDS) as ErrorKind[]).map((kind) =>
        errors.advice(new ApiError({ ...facts, kind })),
      ),
      ...(Object.keys(CODE_ADVICE) as (keyof typeof CODE_ADVICE)[]).map((codeAdvice) =>
        errors.advice(new ApiError({ ...facts, kind: 'rejected', codeAdvice })),
      ),
      ...BATCHED_OPERATIONS.map(
        (operation) => errors.fallback({ operation, reason: 'forbidden' }).advice,
      ),
    ];
    expect(new Set(advice).size).toBe(advice.length);
    for (const text of advice)
      expect(text).toMatch(language === 'en' ? /^[ -~]+$/ : /\p{Script=Han}/u);
  });
});

describe('values', () => {
  it.each([
    ['en', '1,234.5', '85 %', '2 h 5 min', '90 d', '0.5 s', '2 Mbit/s', '331 d'],
    ['zh-CN', '1,234.5', '85%', '2 小时 5 分钟', '90 天', '0.5 秒', '2 Mbit/s', '331 天'],
  ] as const)(
    'are written in %s',
    (language, figure, percent, time, days, seconds, speed, left) => {
      const { formats } = MESSAGES[language];
      expect(formats.figure(1234.5)).toBe(figure);
      expect(formats.percent(0.85)).toBe(percent);
      expect(formats.duration(2 * 3600 + 5 * 60)).toBe(time);
      expect(formats.duration(90 * 86_400)).toBe(days);
      expect(formats.seconds(0.5)).toBe(seconds);
      expect(formats.bandwidth(250_000)).toBe(speed);
      expect(formats.largestUnit(331 * 86_400 + 7 * 3600)).toBe(left);
    },
  );
});
